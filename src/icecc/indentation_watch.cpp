#include "icecc/indentation_watch.h"

#include "args/analysis.h"
#include "icecc/line_marker.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace ice::icecc {

/// `# 12 "name.h" 1 3`: the next line is line 12 of name.h; 3 is for system headers, of which gcc
/// does not warn (cpp manual, "Preprocessor Output"). It is indented like its #include.
bool IndentationWatch::take_marker(std::string_view line) {
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    if (!line.starts_with(marker_start))
        return false;
    const char* const end = line.data() + line.size();
    const auto [rest, error] = std::from_chars(line.data() + marker_start.size(), end, line_);
    const auto open = line.find('"'), close = line.rfind('"');
    if (error != std::errc() || rest == end || *rest != ' ' || open == close)
        return false;
    const std::string_view name = line.substr(open + 1, close - open - 1);
    in_system_ = name.starts_with('<') || line.find('3', close) != line.npos;
    if (in_system_)
        return true;
    const auto known = files_.find(name);
    file_ = known != files_.end() ? known->second : static_cast<std::uint32_t>(files_.size());
    if (known == files_.end())
        files_.emplace(name, file_);
    return true;
}

void IndentationWatch::take(std::string_view line) {
    if (!take_marker(line) && !in_system_)
        sketcher_.take_line(line, file_, line_++);
}

void IndentationWatch::skip_system(std::string_view& text) const {
    if (!in_system_ || text.starts_with(marker_start))
        return;
    auto end = text.find("\n# ");
    if (end == text.npos)
        end = text.rfind('\n'); // the last line may be the beginning of a marker
    if (end != text.npos)
        text.remove_prefix(end + 1);
}

void IndentationWatch::look_at(std::span<const char> piece) {
    std::string_view rest(piece.data(), piece.size());
    for (auto end = rest.find('\n'); end != rest.npos; end = rest.find('\n')) {
        if (unfinished_.empty()) {
            take(rest.substr(0, end));
        } else {
            take(unfinished_.append(rest.substr(0, end)));
            unfinished_.clear();
        }
        rest.remove_prefix(end + 1);
        skip_system(rest);
    }
    if (unfinished_.size() + rest.size() <= max_sketched_line)
        unfinished_ += rest;
}

std::uint32_t tab_stop_of(const args::Analysis& analysis) {
    constexpr std::string_view option = "-ftabstop=";
    constexpr std::uint32_t widest = 100; // gcc takes no other number (c-family/c-opts.cc)
    std::uint32_t tab_stop = usual_tab_stop;
    for (const args::Word& word : analysis.words) {
        const std::string_view text = word.text;
        std::uint32_t number = 0;
        if (text.starts_with(option))
            std::from_chars(text.data() + option.size(), text.data() + text.size(), number);
        if (number >= 1 && number <= widest)
            tab_stop = number;
    }
    return tab_stop;
}

bool warns_of_indentation(const args::Analysis& analysis) {
    bool all = false;
    std::optional<bool> itself;
    for (const args::Word& word : analysis.words) {
        all = all || word.text == "-Wall" || word.text == "--all-warnings";
        if (word.text == "-w")
            return false;
        if (word.text == "-Wmisleading-indentation" ||
            word.text == "-Werror=misleading-indentation")
            itself = true;
        else if (word.text == "-Wno-misleading-indentation")
            itself = false;
    }
    return itself.value_or(all);
}

} // namespace ice::icecc
