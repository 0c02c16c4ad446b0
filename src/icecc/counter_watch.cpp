#include "icecc/counter_watch.h"

#include <cstring>
#include <string_view>

namespace ice::icecc {

namespace {

constexpr std::string_view counter = "__COUNTER__";
/// Longer lines are no conditions that anybody wrote.
constexpr std::size_t max_line = 64 * 1024;

bool is_condition(std::string_view line) {
    for (const char skipped : {' ', '#', ' '}) {
        if (skipped == '#' && !line.starts_with('#'))
            return false;
        const auto rest = skipped == '#' ? 1 : line.find_first_not_of(" \t");
        line.remove_prefix(rest == line.npos ? line.size() : rest);
    }
    return line.starts_with("if") || line.starts_with("elif");
}

bool has_condition(std::string_view text) {
    std::size_t from = 0;
    // Not find(): most of what it would stop at is another name with underscores.
    while (const void* at =
               ::memmem(text.data() + from, text.size() - from, counter.data(), counter.size())) {
        const auto place = static_cast<std::size_t>(static_cast<const char*>(at) - text.data());
        const auto before = text.substr(0, place).rfind('\n');
        if (is_condition(text.substr(before == text.npos ? 0 : before + 1)))
            return true;
        from = place + counter.size();
    }
    return false;
}

} // namespace

void CounterWatch::look_at(std::span<const char> piece) {
    if (found_)
        return;
    const std::string_view text(piece.data(), piece.size());
    const auto end = text.find('\n');
    line_ += text.substr(0, end);
    found_ = has_condition(line_);
    if (end != text.npos) {
        const std::string_view rest = text.substr(end);
        found_ = found_ || has_condition(rest);
        line_ = rest.substr(rest.rfind('\n') + 1);
    }
    if (line_.size() > max_line)
        line_.clear();
}

} // namespace ice::icecc
