#include "icecc/reduced_source.h"

#include "icecc/job.h"

#include <algorithm>
#include <array>
#include <utility>

namespace ice::icecc {

namespace {

/// A piece this much filled (1/n is free) is not worth another read.
constexpr std::size_t free_part = 8;

bool starts_with_any(std::string_view word, std::span<const std::string_view> beginnings) {
    return std::ranges::any_of(beginnings, [&](auto begin) { return word.starts_with(begin); });
}

/// -C and its like; warnings in, or about the comments of, system headers; other languages.
bool keeps_comments(std::string_view word) {
    constexpr auto exact = std::to_array<std::string_view>({"-C", "-CC", "-std", "-Wp"});
    constexpr auto beginnings = std::to_array<std::string_view>(
        {"--comments", "--std", "--ansi", "-traditional", "--traditional", "-Wsystem-headers",
         "--warn-system-headers", "-Wimplicit-fallthrough=1", "-Wimplicit-fallthrough=2",
         "-finput-charset", "-fmodules", "-save-temps", "--save-temps"});
    return std::ranges::find(exact, word) != exact.end() || starts_with_any(word, beginnings);
}

/// The options in -Wp,-MD,FILE are no different; -std is not looked for in there.
bool keeps_comments_in_list(std::string_view word) {
    if (!word.starts_with("-Wp,"))
        return keeps_comments(word);
    while (!word.empty()) {
        const auto option = word.substr(0, word.find(','));
        if (keeps_comments(option) && option != "-Wp")
            return true;
        if (option.starts_with("-std") || option == "-ansi")
            return true;
        word.remove_prefix(std::min(option.size() + 1, word.size()));
    }
    return false;
}

/// C90 to the letter has no `//`; gcc has it even there in system headers, but let that be.
bool is_strict_c90(std::string_view standard) {
    constexpr auto beginnings = std::to_array<std::string_view>({"c8", "c90", "iso9899:199"});
    return starts_with_any(standard, beginnings) && standard != "iso9899:1999";
}

bool is_before_cxx14(std::string_view standard) {
    constexpr auto ends = std::to_array<std::string_view>({"98", "03", "0x", "11"});
    return std::ranges::any_of(ends, [&](auto end) { return standard.ends_with(end); });
}

} // namespace

std::optional<Dialect> dialect_to_reduce(const Job& job) {
    const args::Language language = job.analysis.language;
    const bool cxx = language == args::Language::cxx || language == args::Language::objective_cxx;
    const bool c = language == args::Language::c || language == args::Language::objective_c;
    if (job.is_clang() || !job.preprocessed_remotely() || (!c && !cxx))
        return std::nullopt;
    Dialect dialect{.cxx14 = cxx};
    for (const args::Word& word : job.analysis.words) {
        constexpr std::string_view option = "-std=";
        const std::string_view text = word.text;
        const bool ansi = text == "-ansi";
        const std::string_view standard =
            text.starts_with(option) ? text.substr(option.size()) : std::string_view();
        if (keeps_comments_in_list(text) || (c && (ansi || is_strict_c90(standard))))
            return std::nullopt;
        if (ansi || is_before_cxx14(standard))
            dialect.cxx14 = false;
    }
    return dialect;
}

ReducedSource::ReducedSource(ReadPiece read, std::optional<Dialect> dialect)
    : read_(std::move(read)), filter_(dialect.value_or(Dialect{})) {
    if (!dialect)
        filter_.give_up();
}

Result<std::size_t> ReducedSource::read(std::span<char> into) {
    if (filter_.gave_up() && rest_.empty())
        return read_(into);
    std::size_t done = 0;
    std::size_t filled = rest_.copy(into.data(), into.size());
    rest_.erase(0, filled);
    bool ended = false;
    while (!ended && into.size() - filled > (done == 0 ? 0 : into.size() / free_part)) {
        const auto size = read_(into.subspan(filled));
        if (!size)
            return size;
        ended = *size == 0;
        filled += *size;
        const auto reduced = filter_.reduce(into.subspan(done, filled - done));
        done += reduced.done;
        filled = done + reduced.rest;
    }
    if (done == 0 && filled == into.size())
        filter_.give_up();
    if (ended || filter_.gave_up())
        return filled;
    rest_.insert(0, into.data() + done, filled - done);
    return done;
}

} // namespace ice::icecc
