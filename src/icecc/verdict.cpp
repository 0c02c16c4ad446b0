#include "icecc/verdict.h"

#include "base/str.h"

namespace ice::icecc {

namespace {

/// The exit status by which upstream's daemon says "killed by a signal" (protocol.md 9.5).
constexpr std::int32_t killed_status = 105;

std::string forced(std::string_view reason) {
    return str("local build forced by remote exception: ", reason);
}

/// What gcc says in JSON when it has nothing to say.
constexpr std::string_view no_json = "[]\n";

/// What clang says of remarks and warnings of its back end when the source came from stdin.
constexpr std::string_view lost_place = "could not determine the original source location";

/// With -frewrite-includes clang's helper sees the whole source as it is, directives and all.
bool shows_whole_source(const Circumstances& circumstances) {
    return circumstances.here.clang && circumstances.preprocessed_remotely;
}

/// Whether nothing that a helper's compiler says can be the local text.
bool differs_anyway(const Circumstances& circumstances) {
    if (circumstances.terminal && !circumstances.terminal_there)
        return true;
    return !circumstances.here.clang &&
           (circumstances.translated ||
            (circumstances.here.carets && !circumstances.helper_quotes));
}

} // namespace

std::optional<std::string> reason_to_rebuild(const wire::CompileResult& result,
                                             const Circumstances& circumstances) {
    if (result.signal != 0 || result.status == killed_status)
        return forced("Error 105 - the remote compiler was killed by a signal");
    if (result.status != 0 && result.was_out_of_memory)
        return forced("Error 101 - the server ran out of memory, recompiling locally");
    const bool any_text = !result.err.bytes.empty() || !result.out.bytes.empty();
    const bool listing = !circumstances.here.clang && !result.out.bytes.empty();
    if (any_text && (circumstances.caret_workaround.value_or(false) || listing))
        return text_needs_rebuild();
    if (result.err.bytes.find("file not found") != std::string::npos)
        return forced("Error 104 - remote is missing a file, recompiling locally");
    // Whatever a helper may lack (a file named by an option, a plugin, memory) shows as a failing
    // compiler, in as many wordings as there are reasons. Only this machine's failure is final.
    if (result.status != 0)
        return str("Remote compiler failed with exit code ", result.status,
                   ", recompiling locally");
    return std::nullopt;
}

std::string text_needs_rebuild() {
    return forced("Error 102 - command needs stdout/stderr workaround, recompiling locally");
}

std::optional<std::string> whole_stderr(const wire::CompileResult& result,
                                        const Circumstances& circumstances,
                                        const SourceLine& source_line) {
    const std::string first(circumstances.preprocessor_text);
    const std::string& second = result.err.bytes;
    const bool trusted = !circumstances.caret_workaround.value_or(true);
    if (second.empty() || trusted) {
        // The preprocessor wrote to a pipe.
        const bool lost = circumstances.terminal ||
                          (!circumstances.here.clang && may_be_in_function(first, source_line));
        return first.empty() || trusted || !lost ? std::optional(first + second) : std::nullopt;
    }
    // A compile as a whole would have mixed the two halves, and clang counted both.
    if (second.find(lost_place) != second.npos)
        return std::nullopt;
    if (differs_anyway(circumstances) || (!first.empty() && first != second))
        return std::nullopt;
    if (second == no_json || shows_whole_source(circumstances) ||
        is_as_here(second, circumstances.here, source_line))
        return second;
    return std::nullopt;
}

} // namespace ice::icecc
