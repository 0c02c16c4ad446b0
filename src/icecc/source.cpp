#include "icecc/source.h"

#include "base/check.h"
#include "icecc/helper_session.h"
#include "icecc/limits.h"
#include "icecc/words.h"
#include "proc/pipe.h"
#include "proc/spawn.h"

#include <fcntl.h>

namespace ice::icecc {

Result<Source> Source::start(const Job& job, Log& log) {
    if (!job.analysis.input_is_preprocessed)
        return preprocess(job, log);
    UniqueFd file(::open(job.analysis.input.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file)
        return numbered_error(18, "cannot open the source", system_error(job.analysis.input));
    return Source(std::move(file));
}

Result<Source> Source::preprocess(const Job& job, Log& log) {
    auto command = args::preprocessor_command(job.analysis, job.plan, job.compiler);
    log.debug("preparing source to send: ", joined(command));
    auto pipe = proc::make_pipe();
    if (!pipe)
        return numbered_error(32, "cannot make a pipe", pipe.error());
    // A preprocessor that never waits for us costs fewer switches. Refused beyond the user's
    // quota (pipe(7), pipe-user-pages-soft): then it is slower, not wrong.
    ::fcntl(pipe->read.get(), F_SETPIPE_SZ, pipe_bytes);
    auto text = CapturedText::create();
    if (!text)
        return numbered_error(18, "cannot start the preprocessor", text.error());
    auto child = proc::spawn({.program = job.compiler,
                              .argv = std::move(command),
                              .stdout_fd = pipe->write.get(),
                              .stderr_fd = text->fd(),
                              .keep_signals = true,
                              .new_process_group = true});
    if (!child)
        return numbered_error(18, "cannot start the preprocessor", child.error());
    Source source(std::move(pipe->read));
    source.preprocessor_ = *std::move(child);
    source.text_ = *std::move(text);
    return source;
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
