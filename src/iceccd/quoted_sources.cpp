#include "iceccd/quoted_sources.h"

#include "iceccd/worker_limits.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <fcntl.h>
#include <filesystem>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace ice::iceccd {

namespace {

bool write_whole(int fd, std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = ::write(fd, text.data(), text.size());
        if (written < 0 && errno != EINTR)
            return false;
        if (written > 0)
            text.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

/// Built-in names, the working directory as gcc notes it, and names that would have to be unquoted.
bool is_file_name(std::string_view name) {
    return !name.empty() && name.size() < quoted_path_limit && name.front() != '<' &&
           !name.ends_with('/') && name.find('\\') == name.npos && name.find('\0') == name.npos;
}

} // namespace

void QuotedSources::take(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto end = bytes.find('\n');
        if (end == bytes.npos) {
            if (begun_.size() + bytes.size() <= quoted_line_limit)
                begun_ += bytes;
            return;
        }
        if (begun_.empty()) {
            take_line(bytes.substr(0, end));
        } else {
            begun_ += bytes.substr(0, end);
            take_line(begun_);
            begun_.clear();
        }
        bytes.remove_prefix(end + 1);
    }
}

void QuotedSources::take_line(std::string_view line) {
    // A marker is as much indented as the #include that it stands for (measured: gcc 12.2).
    const auto first = std::min(line.find_first_not_of(" \t"), line.size());
    if (line.substr(first).starts_with("# ") && take_marker(line.substr(first)))
        return;
    if (current_ == nullptr)
        return;
    const std::size_t number = next_line_++;
    if (number == 0 || number <= current_->lines)
        return; // seen in an earlier inclusion
    const std::size_t gap = number - current_->lines - 1;
    if (gap > quoted_bytes_limit - bytes_ || line.size() + 1 > quoted_bytes_limit - bytes_ - gap)
        return;
    current_->text.append(gap, '\n').append(line).append(1, '\n');
    current_->lines = number;
    bytes_ += gap + line.size() + 1;
}

/// `# 12 "name.h" 1 3`: the next line is line 12 of name.h; 3 is for system headers (cpp manual,
/// "Preprocessor Output").
bool QuotedSources::take_marker(std::string_view line) {
    std::size_t number = 0;
    const char* const end = line.data() + line.size();
    const auto [rest, error] = std::from_chars(line.data() + 2, end, number);
    if (error != std::errc() || end - rest < 3 || rest[0] != ' ' || rest[1] != '"')
        return false;
    const std::string_view quoted(rest + 2, static_cast<std::size_t>(end - rest - 2));
    const auto close = quoted.rfind('"');
    if (close == quoted.npos)
        return false;
    const std::string_view name = quoted.substr(0, close);
    current_ = nullptr;
    next_line_ = number;
    if (!is_file_name(name) || quoted.find('3', close) != quoted.npos)
        return true;
    auto file = files_.find(name);
    if (file == files_.end() && files_.size() < quoted_files_limit)
        file = files_.emplace(name, File{}).first;
    if (file != files_.end())
        current_ = &file->second;
    return true;
}

void QuotedSources::write() {
    for (const auto& [name, file] : files_) {
        const auto path = (std::filesystem::path(directory_) / name).lexically_normal().string();
        if (!file.text.empty() && write_file(path, file.text))
            written_.push_back(path);
    }
    std::sort(written_.begin(), written_.end());
    files_.clear();
    current_ = nullptr;
}

bool QuotedSources::write_file(const std::string& path, const std::string& text) const {
    constexpr unsigned long long create = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW;
    UniqueFd file = open_inside(path, create);
    if (!file && errno == ENOENT && make_directory(path.substr(0, path.rfind('/'))))
        file = open_inside(path, create);
    return file && write_whole(file.get(), text);
}

/// Whatever links the environment holds, nothing outside the compiler's own root is reached.
UniqueFd QuotedSources::open_inside(const std::string& path, unsigned long long flags) const {
    open_how how{};
    how.flags = flags | O_CLOEXEC;
    how.mode = (flags & O_CREAT) != 0 ? 0644 : 0;
    how.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS;
    return UniqueFd(
        static_cast<int>(::syscall(SYS_openat2, root_.get(), path.c_str(), &how, sizeof how)));
}

UniqueFd QuotedSources::make_directory(const std::string& path) const {
    constexpr unsigned long long find = O_PATH | O_DIRECTORY;
    UniqueFd found = open_inside(path.empty() ? "/" : path, find);
    if (found || errno != ENOENT || path.empty())
        return found;
    const auto slash = path.rfind('/');
    const UniqueFd parent = make_directory(path.substr(0, slash));
    if (!parent || ::mkdirat(parent.get(), path.c_str() + slash + 1, 0755) != 0)
        return {};
    return open_inside(path, find);
}

} // namespace ice::iceccd
