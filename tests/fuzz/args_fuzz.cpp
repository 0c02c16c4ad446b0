// Fuzzes the command line layer: response files, option table, sub-options, native flags.
//
// Input: one byte that chooses compiler and file facts, then words, one per line. Beyond not
// crashing, a job that may go to a helper must be one compile of one file.
#include "args/commands.h"
#include "args/native.h"
#include "args/response_file.h"

#include <algorithm>
#include <cstdint>

using namespace ice;
using namespace ice::args;

namespace {

/// Says the same of every file.
class SameFacts : public FileFacts {
public:
    explicit SameFacts(std::uint8_t choice) : choice_(choice) {}
    bool exists(const std::string&) const override { return (choice_ & 2) != 0; }
    bool is_readable(const std::string&) const override { return (choice_ & 4) != 0; }
    bool is_regular(const std::string&) const override { return (choice_ & 8) != 0; }
    Entry entry(const std::string&) const override { return static_cast<Entry>(choice_ >> 6); }

private:
    std::uint8_t choice_;
};

std::vector<std::string> lines(std::string_view text) {
    std::vector<std::string> result;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        result.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return result;
}

void check_remote(const Analysis& analysis, const Plan& plan) {
    ASSERT(analysis.reason.empty() && !analysis.output.empty());
    ASSERT(std::ranges::count(analysis.words, WordClass::input, &Word::word_class) == 1);
    const auto preprocessor = preprocessor_command(analysis, plan, "cc");
    ASSERT(std::ranges::count(preprocessor, analysis.input) >= 1);
    const auto arguments = remote_arguments(analysis, plan);
    ASSERT(arguments.flags.size() == arguments.remote_flags.size() + arguments.rest_flags.size());
    ASSERT(std::ranges::count(arguments.flags, analysis.to_assembly ? "-S" : "-c") >= 1);
}

void try_command_line(std::uint8_t choice, const std::vector<std::string>& words) {
    const SameFacts files(choice);
    const CompilerName compiler{.language = Language::c,
                                .kind = (choice & 1) != 0 ? CompilerKind::clang : CompilerKind::gcc,
                                .kind_is_certain = true};
    const Analysis analysis = analyse({words, compiler, "/t", files});
    if (analysis.verdict == Verdict::local) {
        ASSERT(!analysis.reason.empty());
        return;
    }
    Plan plan{.remote_preprocessing = (choice & 16) != 0,
              .colour_option = colour_option(compiler.kind),
              .clang_target = "t",
              .native_words = {"-mx"}};
    check_remote(analysis, plan);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) {
        return 0;
    }
    const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
    const auto words = lines(text);
    (void)expand_response_files(words, [&](const std::string&) { return std::optional(text); });
    try_command_line(data[0], words);
    if (!words.empty()) {
        (void)compiler_name(words.front());
        (void)native_words(CompilerKind::gcc, words.front(), text);
        (void)native_words(CompilerKind::clang, words.front(), text);
    }
    return 0;
}
