// Workplace: a temporary directory with a fake compiler, in which the real client is run.
#pragma once

#include "proc/child.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace ice::icecc::test {

struct Finished {
    int code = 0;
    int signal = 0;
    std::string out, err;
};

class Workplace {
public:
    Workplace();
    ~Workplace();
    Workplace(const Workplace&) = delete;
    Workplace& operator=(const Workplace&) = delete;

    [[nodiscard]] std::string directory() const { return path_; }
    [[nodiscard]] std::string file(const std::string& name) const { return path_ / name; }
    void write(const std::string& name, const std::string& text) const;
    [[nodiscard]] std::string read(const std::string& name) const;
    [[nodiscard]] bool has(const std::string& name) const;
    /// The names in the directory that were not there at the start, sorted, with blanks between.
    [[nodiscard]] std::string new_files() const;
    [[nodiscard]] std::string log() const { return read("log"); }

    /// `argv[0]` is a path, or a program of the workplace's PATH: its bin, then the system's.
    /// `variables` come on top of a bare environment.
    [[nodiscard]] Finished run(const std::vector<std::string>& argv,
                               const std::vector<std::string>& variables = {}) const;

    /// Starts the same without waiting for it; its output is lost.
    [[nodiscard]] proc::Child start(const std::vector<std::string>& argv,
                                    const std::vector<std::string>& variables = {}) const;

    /// The environment that run() gives.
    [[nodiscard]] std::vector<std::string>
    environment(const std::vector<std::string>& variables) const;

private:
    std::filesystem::path path_;
};

/// The client under test.
[[nodiscard]] std::string icecc();

/// A compiler of sh that knows -E and -c: its "object" is "LOCAL" and the source. It fails for a
/// source that says "broken", and both of its halves complain about one that says "noisy". Asked
/// with -### it is gcc that answers: to the client it is a script that adds nothing to that.
extern const char* const fake_compiler;

} // namespace ice::icecc::test
