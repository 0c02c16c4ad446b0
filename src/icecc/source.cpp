#include "icecc/source.h"

#include "base/check.h"
#include "icecc/helper_session.h"
#include "icecc/limits.h"
#include "icecc/read_fully.h"
#include "icecc/words.h"
#include "proc/pipe.h"
#include "proc/spawn.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>

namespace ice::icecc {

Result<Source> Source::start(const Job& job, const Words& preprocessor,
                             std::optional<Words> environment, Log& log) {
    if (!job.analysis.input_is_preprocessed)
        return preprocess(preprocessor, std::move(environment), log);
    UniqueFd file(::open(job.analysis.input.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file)
        return numbered_error(18, "cannot open the source", system_error(job.analysis.input));
    Source source(std::move(file));
    source.heading_ = job.source_heading;
    return source;
}

Result<Source> Source::preprocess(const Words& command, std::optional<Words> environment,
                                  Log& log) {
    log.debug("preparing source to send: ", joined(command));
    auto pipe = proc::make_pipe();
    if (!pipe)
        return numbered_error(32, "cannot make a pipe", pipe.error());
    // Refused beyond the user's quota (pipe(7), pipe-user-pages-soft): then it is slower, not
    // wrong.
    const bool is_roomy = ::fcntl(pipe->read.get(), F_SETPIPE_SZ, pipe_bytes) >= pipe_bytes;
    auto text = CapturedText::create();
    if (!text)
        return numbered_error(18, "cannot start the preprocessor", text.error());
    auto child = proc::spawn({.program = command.front(),
                              .argv = command,
                              .environment = std::move(environment),
                              .stdout_fd = pipe->write.get(),
                              .stderr_fd = text->fd(),
                              .keep_signals = true,
                              .new_process_group = true});
    if (!child)
        return numbered_error(18, "cannot start the preprocessor", child.error());
    Source source(std::move(pipe->read));
    source.is_roomy_ = is_roomy;
    source.preprocessor_ = *std::move(child);
    source.text_ = *std::move(text);
    return source;
}

/// gcc writes 4 KB at a time. Who reads at once is woken for each of them, and takes the processor
/// from the very preprocessor it waits for; so let the pipe gather a piece, or hang up.
void Source::let_it_fill(std::size_t wanted) const {
    for (int available = 0; ::ioctl(stream_.get(), FIONREAD, &available) == 0;) {
        if (static_cast<std::size_t>(available) >= wanted)
            return;
        pollfd hang_up{stream_.get(), 0, 0};
        if (::poll(&hang_up, 1, fill_check_ms) != 0)
            return;
    }
}

Result<std::size_t> Source::read(std::span<char> into) {
    const std::size_t headed = heading_.copy(into.data(), into.size());
    heading_.erase(0, headed);
    into = into.subspan(headed);
    if (is_roomy_)
        let_it_fill(into.size());
    const auto size = read_fully(stream_.get(), into);
    return size ? headed + *size : size;
}

Result<PreprocessorEnd> Source::finish() {
    if (!preprocessor_)
        return PreprocessorEnd{};
    const auto ended = preprocessor_->wait(proc::deadline_in(preprocessor_exit_time));
    if (!ended)
        return numbered_error(18, "the preprocessor does not end", ended.error());
    auto text = text_->read(max_preprocessor_text);
    if (!text)
        return numbered_error(16, "too many messages of the preprocessor", text.error());
    return PreprocessorEnd{ended->shell_code(), *std::move(text)};
}

} // namespace ice::icecc
