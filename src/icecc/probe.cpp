#include "icecc/probe.h"

#include "base/str.h"
#include "icecc/captured_text.h"
#include "icecc/limits.h"
#include "proc/spawn.h"

#include <unistd.h>

namespace ice::icecc {

namespace {

/// Runs `command` and returns what it wrote to `stream`; its other output is nobody's business.
Result<std::string> output_of(const std::vector<std::string>& command, int stream) {
    auto text = CapturedText::create();
    if (!text)
        return text.error();
    auto child = proc::spawn({.program = command.front(),
                              .argv = command,
                              .stdin_fd = proc::dev_null,
                              .stdout_fd = stream == STDOUT_FILENO ? text->fd() : proc::dev_null,
                              .stderr_fd = stream == STDERR_FILENO ? text->fd() : proc::dev_null});
    if (!child)
        return child.error();
    if (const auto ended = child->wait(proc::deadline_in(probe_time)); !ended)
        return ended.error();
    return text->read(max_probe_text);
}

} // namespace

Result<std::string> compiler_stderr(const std::vector<std::string>& command) {
    return output_of(command, STDERR_FILENO);
}

Result<std::string> compiler_stdout_line(const std::vector<std::string>& command) {
    auto text = output_of(command, STDOUT_FILENO);
    if (!text)
        return text;
    text->resize(std::min(text->find('\n'), text->size()));
    if (text->empty())
        return Error{Errc::unsupported, str(command.front(), " gave no answer")};
    return text;
}

} // namespace ice::icecc
