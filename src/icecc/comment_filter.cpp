#include "icecc/comment_filter.h"

#include "icecc/line_marker.h"
#include "icecc/logical_lines.h"

#include <algorithm>
#include <cstring>

namespace ice::icecc {

namespace {

/// -Wimplicit-fallthrough takes such a comment, in all its wordings (gcc(1)), for the user's wish.
/// Text of a macro of the user's may stand in front of it.
bool may_mean_fall_through(std::string_view comment) {
    constexpr std::size_t longest_wording = 64;
    std::string_view text = comment.substr(2, longest_wording);
    text.remove_prefix(std::min(text.find_first_not_of(" \t.!"), text.size()));
    if (text.empty() || std::string_view("-@lLeEiIfF").find(text[0]) == std::string_view::npos)
        return false;
    const auto same = [](char a, char b) { return (a | 0x20) == b; };
    constexpr std::string_view word = "fall";
    return std::search(text.begin(), text.end(), word.begin(), word.end(), same) != text.end();
}

/// From one to the next: that asks the C library about many characters at a time.
std::size_t line_ends(std::string_view text) {
    std::size_t count = 0;
    for (auto at = text.find('\n'); at != text.npos; at = text.find('\n', at + 1))
        ++count;
    return count;
}

/// Writes a text over its own beginning.
class Overwriter {
public:
    explicit Overwriter(char* begin) : begin_(begin), to_(begin) {}

    void keep(const char* from, const char* end) {
        const auto size = static_cast<std::size_t>(end - from);
        if (to_ != from)
            std::memmove(to_, from, size);
        to_ += size;
    }
    void keep_line_ends(std::string_view comment) {
        const std::size_t count = line_ends(comment);
        std::memset(to_, '\n', count);
        to_ += count;
    }
    [[nodiscard]] std::size_t size() const { return static_cast<std::size_t>(to_ - begin_); }

private:
    char* const begin_;
    char* to_;
};

} // namespace

CommentFilter::Reduced CommentFilter::reduce(std::span<char> text) {
    if (gave_up_)
        return {text.size(), 0};
    const std::string_view all(text.data(), text.size());
    const char* const end = all.data() + all.size();
    LogicalLines lines(all.substr(0, all.rfind('\n') + 1), dialect_.cxx14);
    Overwriter out(text.data());
    const char* kept = all.data(); // from here on as it is
    auto step = LogicalLines::Step::done;
    while (!lines.at_end() && (step = lines.next()) == LogicalLines::Step::done) {
        if (const auto marker = lines.marker(); !marker.empty())
            system_ = marks_system_header(marker);
        const std::string_view comment = lines.last_comment();
        if (!system_ || comment.empty() || may_mean_fall_through(comment))
            continue;
        out.keep(kept, comment.data());
        out.keep_line_ends(comment);
        kept = comment.data() + comment.size();
    }
    gave_up_ = step == LogicalLines::Step::doubtful;
    const char* const rest = gave_up_                                 ? end
                             : step == LogicalLines::Step::incomplete ? lines.begin()
                                                                      : lines.end();
    out.keep(kept, rest);
    const std::size_t done = out.size();
    out.keep(rest, end);
    return {done, out.size() - done};
}

} // namespace ice::icecc
