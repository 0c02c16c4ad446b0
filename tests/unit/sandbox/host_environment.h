// Test helper: a small environment made of this host's own programs and their libraries.
#pragma once

#include <string>
#include <vector>

namespace ice::test {

/// A directory that holds `programs` (absolute paths) and what they link, under their own names.
/// Removed with the object.
class HostEnvironment {
public:
    explicit HostEnvironment(const std::vector<std::string>& programs);
    HostEnvironment(const HostEnvironment&) = delete;
    HostEnvironment& operator=(const HostEnvironment&) = delete;
    ~HostEnvironment();

    [[nodiscard]] const std::string& path() const noexcept { return path_; }

    /// Puts an executable file of this text at an absolute path inside.
    void add_script(const std::string& path, const std::string& text);

private:
    void add(const std::string& file);
    void add_with_libraries(const std::string& program);
    void give_away() const;

    std::string path_;
};

} // namespace ice::test
