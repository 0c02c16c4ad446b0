// QuotedSources: the lines of a preprocessed source, put back into files of their names.
//
// gcc quotes the source in its diagnostics, and counts columns as they are displayed; for both it
// opens the file again that the line markers name, and a helper has none. So the lines that come
// are written where the compiler will look: not the files themselves (directives and what they
// hide are missing, #define is respelled), but every line that a diagnostic normally is about. The
// client compares what is quoted with the real files, and does not take what differs.
//
// What comes from system headers is left out: much of it, and hardly ever warned about.
#pragma once

#include "base/result.h"
#include "base/unique_fd.h"

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace ice::iceccd {

class QuotedSources {
public:
    /// `root` is the compiler's own, `directory` its working directory in there.
    QuotedSources(UniqueFd root, std::string directory)
        : root_(std::move(root)), directory_(std::move(directory)) {}

    /// The next piece of the source.
    void take(std::string_view bytes);

    /// Writes the files; before the compiler sees the end of the source, and so could look for
    /// one. What cannot be written is not quoted.
    void write();

    /// The absolute paths of the files written, in order.
    [[nodiscard]] const std::vector<std::string>& written() const noexcept { return written_; }

private:
    struct File {
        std::string text;
        std::size_t lines = 0;
    };

    void take_line(std::string_view line);
    bool take_marker(std::string_view line);
    [[nodiscard]] bool write_file(const std::string& path, const std::string& text) const;
    [[nodiscard]] UniqueFd open_inside(const std::string& path, unsigned long long flags) const;
    [[nodiscard]] UniqueFd make_directory(const std::string& path) const;

    UniqueFd root_;
    std::string directory_;
    std::string begun_; ///< the beginning of a line whose rest has not come yet
    std::map<std::string, File, std::less<>> files_;
    File* current_ = nullptr;   ///< none: in something that is not quoted
    std::size_t next_line_ = 0; ///< of the current file, from 1
    std::size_t bytes_ = 0;     ///< of all texts
    std::vector<std::string> written_;
};

} // namespace ice::iceccd
