// A directory for one test, gone afterwards, and files in it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace ice::test {

class TemporaryDirectory {
public:
    TemporaryDirectory();
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
    ~TemporaryDirectory();

    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] std::string operator/(std::string_view name) const {
        return path_ + "/" + std::string(name);
    }

    /// Writes a file, with its directories; returns its path.
    std::string add(std::string_view name, std::string_view content, int mode = 0644) const;
    std::string add(std::string_view name, std::span<const std::uint8_t> content,
                    int mode = 0755) const;

private:
    std::string path_;
};

[[nodiscard]] std::string read_file(const std::string& path);

} // namespace ice::test
