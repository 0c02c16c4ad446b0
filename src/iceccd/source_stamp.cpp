#include "iceccd/source_stamp.h"

#include <charconv>
#include <system_error>

namespace ice::iceccd {

namespace {

/// Takes a number and the blank behind it off the line.
template <class Integer>
bool take(std::string_view& line, Integer& value) {
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), value);
    const auto length = static_cast<std::size_t>(end - line.data());
    if (error != std::errc() || length == line.size() || *end != ' ')
        return false;
    line.remove_prefix(length + 1);
    return true;
}

} // namespace

std::optional<std::pair<std::string, FileStamp>> parse_stamp(std::string_view line) {
    FileStamp stamp;
    if (!take(line, stamp.modified_ns) || !take(line, stamp.size) || !take(line, stamp.inode) ||
        !line.starts_with('/'))
        return std::nullopt;
    return std::pair(std::string(line), stamp);
}

} // namespace ice::iceccd
