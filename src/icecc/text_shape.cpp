#include "icecc/text_shape.h"

#include "args/variables.h"
#include "base/str.h"
#include "icecc/locale.h"

#include <algorithm>
#include <string_view>
#include <sys/ioctl.h>
#include <unistd.h>

namespace ice::icecc {

namespace {

bool tells(const Job& job, std::string_view name) {
    return std::ranges::any_of(
        job.variables, [name](const std::string& variable) { return args::sets(variable, name); });
}

bool has_absolute_paths(const Job& job) {
    return std::ranges::find(job.analysis.words, "-fdiagnostics-absolute-paths",
                             &args::Word::text) != job.analysis.words.end();
}

/// Where COLUMNS does not say it, gcc asks the terminal it reads from (diagnostic.cc,
/// get_terminal_width); clang 14 knows of nothing else.
void tell_columns(Job& job) {
    winsize window{};
    if (!tells(job, "COLUMNS") && ::ioctl(STDIN_FILENO, TIOCGWINSZ, &window) == 0 &&
        window.ws_col > 0)
        job.variables.push_back(str("COLUMNS=", window.ws_col));
}

} // namespace

void shape_text(Job& job, const Settings& settings) {
    if (job.analysis.verdict != args::Verdict::remote)
        return;
    const bool terminal = ::isatty(STDERR_FILENO) == 1;
    job.variables = settings.text_variables;
    std::erase_if(job.variables, [terminal](const std::string& variable) {
        return args::sets(variable, "LC_CTYPE") || (!terminal && args::sets(variable, "TERM"));
    });
    job.told_of_terminal = tells(job, "TERM");
    if (job.is_clang()) {
        // It asks the file system what the absolute path of a file is; on a helper there is none.
        if (has_absolute_paths(job))
            job.caret_workaround = true;
        return;
    }
    if (job.told_of_terminal)
        tell_columns(job);
    job.caret_workaround = settings.caret_workaround;
    job.utf8_quotes = has_utf8_locale();
    if (job.utf8_quotes)
        job.variables.emplace_back("LC_CTYPE=C.UTF-8");
}

} // namespace ice::icecc
