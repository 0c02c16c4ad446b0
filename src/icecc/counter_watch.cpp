#include "icecc/counter_watch.h"

#include "icecc/lexical.h"

#include <cstring>
#include <string_view>

namespace ice::icecc {

namespace {

constexpr std::string_view counter = "__COUNTER__";

bool is_condition(std::string_view line) {
    line = without_blanks(line);
    if (!line.starts_with('#'))
        return false;
    line = without_blanks(line.substr(1));
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
    lines_.take(piece, [this](std::string_view lines) { found_ = found_ || has_condition(lines); });
}

bool CounterWatch::found() const { return found_ || has_condition(lines_.unfinished()); }

} // namespace ice::icecc
