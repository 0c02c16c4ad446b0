#include "args/native.h"

#include "args/response_file.h"

#include <algorithm>
#include <iterator>

namespace ice::args {

namespace {

using Words = std::vector<std::string>;

/// The front end's command line in the output of -###, as words. gcc and clang quote with
/// backslashes and double quotes, which are the rules of response files too.
Words front_end_words(CompilerKind kind, std::string_view text) {
    const std::string_view mark = kind == CompilerKind::clang ? "\"-cc1\"" : "/cc1 ";
    const std::size_t at = text.find(mark);
    if (at == text.npos) {
        return {};
    }
    const std::size_t before = text.rfind('\n', at);
    const std::size_t begin = before == text.npos ? 0 : before + 1;
    return split_response_text(text.substr(begin, text.find('\n', at) - begin));
}

/// The words of `all` that are not also at its beginning or end in `plain`.
Words difference(const Words& plain, const Words& all) {
    const auto [plain_front, all_front] = std::ranges::mismatch(plain, all);
    const auto common = static_cast<std::size_t>(all_front - all.begin());
    std::size_t tail = 0;
    while (tail < std::min(plain.size(), all.size()) - common &&
           plain[plain.size() - 1 - tail] == all[all.size() - 1 - tail]) {
        ++tail;
    }
    auto begin = all.begin() + static_cast<std::ptrdiff_t>(common);
    const auto end = all.end() - static_cast<std::ptrdiff_t>(tail);
    if (begin != end && !begin->starts_with('-') && begin != all.begin()) {
        --begin; // a value differs: its option ("--param", "-target-cpu") belongs to it
    }
    return {begin, end};
}

/// What follows `option` in a front end's command line.
std::string_view value_of(const Words& words, std::string_view option) {
    const auto at = std::ranges::find(words, option);
    return at == words.end() || at + 1 == words.end() ? std::string_view() : *(at + 1);
}

/// For clang. With -march the driver leaves -tune-cpu out, which stands for the same processor; a
/// helper's driver sees no -march and tunes for "generic", unless told (measured with clang 14).
Words tuning(const Words& plain, const Words& native) {
    if (value_of(plain, "-tune-cpu").empty() || !value_of(native, "-tune-cpu").empty()) {
        return {};
    }
    return {"-tune-cpu", std::string(value_of(native, "-target-cpu"))};
}

Words through_driver(const Words& words) {
    Words result;
    for (const std::string& word : words) {
        result.insert(result.end(), {"-Xclang", word});
    }
    return result;
}

} // namespace

Words native_probe_command(const std::string& compiler, const Words& options) {
    Words command{compiler};
    command.insert(command.end(), options.begin(), options.end());
    command.insert(command.end(), {"-###", "-E", "-"});
    return command;
}

Result<Words> native_words(CompilerKind kind, std::string_view plain_stderr,
                           std::string_view native_stderr) {
    const Words plain = front_end_words(kind, plain_stderr);
    const Words native = front_end_words(kind, native_stderr);
    if (plain.empty() || native.empty()) {
        return Error{Errc::invalid, "cannot read the compiler's native flags from its -### output"};
    }
    Words words = difference(plain, native);
    if (kind != CompilerKind::clang) {
        return words;
    }
    std::ranges::copy(tuning(plain, native), std::back_inserter(words));
    return through_driver(words);
}

} // namespace ice::args
