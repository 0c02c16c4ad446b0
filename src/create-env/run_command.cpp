#include "create-env/run_command.h"

#include "base/check.h"
#include "base/str.h"
#include "proc/pipe.h"
#include "proc/spawn.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <poll.h>
#include <unistd.h>

namespace ice::create_env {

namespace {

constexpr std::chrono::seconds answer_limit{30};
constexpr std::size_t max_answer = 1 << 20;
// A question fits a pipe's buffer, so writing it cannot block.
constexpr std::size_t max_question = 4096;

std::vector<std::string> question_environment() {
    constexpr std::array<std::string_view, 3> replaced{"LC_ALL=", "LANGUAGE=", "ICECC="};
    std::vector<std::string> environment{"LC_ALL=C", "ICECC=disable"};
    for (char** variable = environ; *variable != nullptr; ++variable) {
        const std::string_view text(*variable);
        if (std::ranges::none_of(replaced, [&](auto name) { return text.starts_with(name); }))
            environment.emplace_back(text);
    }
    return environment;
}

/// Adds what is there to read; false at the end of the stream.
Result<bool> read_some(int fd, std::string& text) {
    std::array<char, 16384> buffer{};
    const ssize_t got = read(fd, buffer.data(), buffer.size());
    if (got < 0)
        return errno == EINTR ? Result<bool>(true) : system_error("read the compiler's answer");
    text.append(buffer.data(), static_cast<std::size_t>(got));
    if (text.size() > max_answer)
        return Error{Errc::limit, str("the compiler answered more than ", max_answer, " bytes")};
    return got > 0;
}

Result<void> read_both(int out_fd, int err_fd, env::CommandResult& result,
                       proc::Deadline deadline) {
    std::array<pollfd, 2> streams{pollfd{out_fd, POLLIN, 0}, pollfd{err_fd, POLLIN, 0}};
    const std::array texts{&result.out, &result.err};
    while (streams[0].fd >= 0 || streams[1].fd >= 0) {
        const int ready = poll(streams.data(), streams.size(), proc::poll_timeout(deadline));
        if (ready == 0)
            return Error{Errc::timeout, str("no answer within ", answer_limit.count(), " s")};
        for (std::size_t i = 0; ready > 0 && i < streams.size(); ++i) {
            if (streams[i].fd < 0 || streams[i].revents == 0)
                continue;
            const Result<bool> more = read_some(streams[i].fd, *texts[i]);
            if (!more)
                return more.error();
            if (!*more)
                streams[i].fd = -1; // poll() skips it
        }
    }
    return {};
}

struct Pipes {
    proc::Pipe in, out, err;
};

Result<Pipes> make_pipes() {
    Pipes pipes;
    for (proc::Pipe* pipe : {&pipes.in, &pipes.out, &pipes.err}) {
        auto made = proc::make_pipe();
        if (!made)
            return made.error();
        *pipe = *std::move(made);
    }
    return pipes;
}

/// Writes all of `input` and closes the pipe. A compiler that does not care to read it is fine.
void put_question(proc::Pipe& pipe, std::string_view input) {
    ASSERT(input.size() <= max_question);
    pipe.read.reset();
    static_cast<void>(!write(pipe.write.get(), input.data(), input.size()));
    pipe.write.reset();
}

} // namespace

Result<env::CommandResult> run_command(const std::vector<std::string>& argv,
                                       std::string_view input) {
    ASSERT(!argv.empty());
    auto pipes = make_pipes();
    if (!pipes)
        return pipes.error();
    proc::SpawnSpec spec{.program = argv.front(), .argv = argv};
    spec.environment = question_environment();
    spec.stdin_fd = pipes->in.read.get();
    spec.stdout_fd = pipes->out.write.get();
    spec.stderr_fd = pipes->err.write.get();
    spec.new_process_group = true;
    spec.die_with_parent = true;
    auto child = proc::spawn(spec);
    if (!child)
        return child.error();
    pipes->out.write.reset();
    pipes->err.write.reset();
    put_question(pipes->in, input);
    const proc::Deadline deadline = proc::deadline_in(answer_limit);
    env::CommandResult result;
    if (const auto read = read_both(pipes->out.read.get(), pipes->err.read.get(), result, deadline);
        !read)
        return read.error().in(argv.front());
    const auto status = child->wait(deadline);
    if (!status)
        return status.error().in(argv.front());
    result.exit_code = status->shell_code();
    return result;
}

} // namespace ice::create_env
