#include "icecc/explain_version.h"

#include "base/str.h"
#include "env/platform.h"

#include <algorithm>
#include <cstdlib>
#include <unistd.h>
#include <vector>

namespace ice::icecc {

namespace {

/// Remarks about how a piece is written: a refusal would only say that there is no such file.
std::string remarks_on_piece(std::string_view piece) {
    std::string remarks;
    if (piece.empty())
        return "  an empty piece, between commas or at an end, is ignored\n";
    if (piece.front() == ' ' || piece.back() == ' ')
        remarks += str("  the blanks around \"", piece,
                       "\" are ignored; icecream's own client would"
                       " take them for a part of the name\n");
    if (piece.starts_with("sparc:"))
        remarks +=
            "  a helper is called what its uname -m says: sparc64, if its kernel has 64 bits\n";
    if (piece.front() == '~' || piece.find(":~") != piece.npos)
        remarks += str("  no shell has replaced the \"~\" in ", piece, "; write $HOME\n");
    return remarks;
}

std::string remarks_on_pieces(std::string_view value) {
    std::string remarks;
    for (std::size_t begin = 0; begin <= value.size();) {
        const std::size_t comma = std::min(value.find(',', begin), value.size());
        remarks += remarks_on_piece(value.substr(begin, comma - begin));
        begin = comma + 1;
    }
    return remarks;
}

std::string describe(const env::VersionEntry& entry, const env::FileProbe& probe) {
    std::string text = str("  used on ", entry.platform, ": ", entry.path, " (",
                           probe(entry.path).size, " bytes)\n");
    if (!entry.path.starts_with('/'))
        text += "    This is another file in each directory that is compiled in.\n";
    return text;
}

} // namespace

VersionExplanation explained_version(std::string_view value, std::string_view compiler,
                                     std::string_view own_platform, const env::FileProbe& probe) {
    const env::IceccVersion version =
        env::parse_icecc_version(value, compiler, own_platform, probe);
    const std::string_view prefix = env::compiler_prefix(compiler);
    std::string text = str("ICECC_VERSION for ", compiler, ", a compiler ",
                           prefix.empty() ? "without a prefix" : str("of the prefix ", prefix),
                           ", on ", own_platform, ":\n");
    for (const env::VersionEntry& entry : version.entries)
        text += describe(entry, probe);
    for (const env::VersionRefusal& refusal : version.refusals)
        text += str("  not used: ", refusal.text, '\n');
    text += remarks_on_pieces(value);
    if (version.entries.empty())
        text += str("Nothing is for ", compiler, ": what it compiles stays on this machine.\n");
    return {text, !version.entries.empty()};
}

int explain_version(const Invocation& invocation, const Settings& settings) {
    const std::string compiler =
        invocation.arguments.empty() ? "gcc" : invocation.arguments.front();
    VersionExplanation explanation{
        "ICECC_VERSION is not set: the daemon packs the compiler itself.\n", true};
    if (settings.version)
        explanation =
            explained_version(*settings.version, compiler, env::host_platform(), env::probe_file);
    static_cast<void>(!::write(STDOUT_FILENO, explanation.text.data(), explanation.text.size()));
    return explanation.usable ? EXIT_SUCCESS : EXIT_FAILURE;
}

} // namespace ice::icecc
