#include "icecc/verdict.h"

#include "base/str.h"

namespace ice::icecc {

namespace {

/// The exit status by which upstream's daemon says "killed by a signal" (protocol.md 9.5).
constexpr std::int32_t killed_status = 105;

std::string forced(std::string_view reason) {
    return str("local build forced by remote exception: ", reason);
}

/// With -frewrite-includes the helper sees the directives too and repeats what they caused.
bool text_is_repeated(const Circumstances& circumstances) {
    return circumstances.clang && circumstances.preprocessed_remotely;
}

} // namespace

std::optional<std::string> reason_to_rebuild(const wire::CompileResult& result,
                                             const Circumstances& circumstances) {
    if (result.signal != 0 || result.status == killed_status)
        return forced("Error 105 - the remote compiler was killed by a signal");
    if (result.status != 0 && result.was_out_of_memory)
        return forced("Error 101 - the server ran out of memory, recompiling locally");
    const bool any_text = !result.err.bytes.empty() || !result.out.bytes.empty();
    if (any_text && circumstances.caret_workaround)
        return forced("Error 102 - command needs stdout/stderr workaround, recompiling locally");
    if (result.err.bytes.find("file not found") != std::string::npos)
        return forced("Error 104 - remote is missing a file, recompiling locally");
    // Whatever a helper may lack (a file named by an option, a plugin, memory) shows as a failing
    // compiler, in as many wordings as there are reasons. Only this machine's failure is final.
    if (result.status != 0)
        return str("Remote compiler failed with exit code ", result.status,
                   ", recompiling locally");
    // clang closes its text with a count of warnings; two halves would count twice.
    if (circumstances.clang && !text_is_repeated(circumstances) && any_text &&
        !circumstances.preprocessor_text.empty())
        return std::string("Both halves of the compile have something to say, recompiling locally");
    return std::nullopt;
}

std::string whole_stderr(const wire::CompileResult& result, const Circumstances& circumstances) {
    if (text_is_repeated(circumstances) && !result.err.bytes.empty())
        return result.err.bytes;
    return str(circumstances.preprocessor_text, result.err.bytes);
}

} // namespace ice::icecc
