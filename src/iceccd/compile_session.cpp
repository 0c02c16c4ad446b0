#include "iceccd/compile_session.h"

#include "base/check.h"
#include "iceccd/worker_limits.h"
#include "wire/limits.h"

#include <algorithm>
#include <cerrno>
#include <poll.h>

namespace ice::iceccd {

namespace {

bool happened(const pollfd& fd) { return fd.fd >= 0 && fd.revents != 0; }

} // namespace

CompileSession::CompileSession(net::Channel& client, sandbox::Running compiler, CompilerPipes pipes,
                               const CompileTimes& times)
    : client_(client),
      compiler_(std::move(compiler)),
      source_(client, std::move(pipes.input), std::move(pipes.quotes)),
      output_(std::move(pipes.output), wire::max_frame_length),
      errors_(std::move(pipes.errors), wire::max_frame_length),
      patience_(times.source_idle, least_source_rate),
      end_(net::deadline_in(times.whole)) {}

Result<proc::ExitStatus> CompileSession::run() {
    while (!done()) {
        // What the channel holds already makes no descriptor readable, so this comes before poll.
        if (const auto handled = handle_client(); !handled)
            return handled.error();
        if (const auto waited = wait(); !waited)
            return waited.error();
    }
    return *status_;
}

bool CompileSession::done() const {
    return status_ && source_.complete() && output_.ended() && errors_.ended();
}

Result<void> CompileSession::handle_client() {
    if (source_.complete()) {
        if (!client_.unread().empty())
            return Error{Errc::closed, "the client cancelled"};
        return {};
    }
    if (!source_.has_room())
        return {};
    const auto taken = source_.take();
    if (!taken && taken.error().code == Errc::closed)
        return Error{Errc::closed, "unexpected EOF while reading preprocessed file"};
    if (!taken)
        return taken.error();
    return {};
}

/// What to do when a deadline has passed.
Result<void> CompileSession::give_up() {
    if (status_ || (waits_for_source() && net::deadline_in(patience_.left(source_.size())) < end_))
        return Error{Errc::timeout, "timeout while reading preprocessed file"};
    compiler_.kill(); // its end then comes as a signal, in the next round
    end_ = net::deadline_in(end_time);
    return {};
}

bool CompileSession::waits_for_source() const { return !source_.complete() && source_.has_room(); }

/// The source's while we wait for some; then the compiler's.
net::Deadline CompileSession::deadline() const {
    return waits_for_source() ? std::min(net::deadline_in(patience_.left(source_.size())), end_)
                              : end_;
}

Result<void> CompileSession::wait() {
    // A client that has sent everything has nothing to say any more: whatever it does, it left.
    const bool hear_client = source_.complete() || source_.has_room();
    pollfd fds[] = {{hear_client ? client_.fd() : -1, POLLIN, 0},
                    {source_.compiler_fd(), POLLOUT, 0},
                    {output_.fd(), POLLIN, 0},
                    {errors_.fd(), POLLIN, 0},
                    {status_ ? -1 : compiler_.fd(), POLLIN, 0}};
    const auto& [client, input, output, errors, compiler] = fds;
    if (done())
        return {};
    const bool for_source = waits_for_source();
    const auto since = net::Clock::now();
    const int ready = ::poll(fds, std::size(fds), proc::poll_timeout(deadline()));
    if (for_source)
        patience_.on_waited(net::Clock::now() - since);
    if (ready < 0 && errno != EINTR)
        return system_error("wait for a compiler");
    if (ready == 0)
        return give_up();
    if (happened(client) && source_.complete())
        return Error{Errc::closed, "the client left"};
    if (happened(input))
        if (auto given = source_.give(); !given)
            return given;
    if (happened(output))
        output_.read();
    if (happened(errors))
        errors_.read();
    return happened(compiler) ? take_status() : Result<void>();
}

Result<void> CompileSession::take_status() {
    const auto status = compiler_.wait(net::deadline_in(end_time));
    if (!status)
        return status.error();
    status_ = *status;
    return {};
}

} // namespace ice::iceccd
