#include "iceccd/worker_native.h"

#include "base/check.h"
#include "env/digest.h"
#include "env/name.h"
#include "iceccd/capture.h"
#include "iceccd/worker_limits.h"
#include "net/clock.h"
#include "proc/pipe.h"
#include "proc/spawn.h"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

namespace ice::iceccd {

namespace {

/// Where icecc-create-env writes the archive's name (environments.md 6.1).
constexpr int name_fd = 5;
constexpr std::size_t name_bytes = 1023;

struct Creator {
    proc::Child child;
    Capture name, complaint;
};

std::vector<std::string> arguments(const NativeTask& task) {
    std::vector<std::string> argv{task.creator, task.compiler};
    for (const std::string& file : task.extra_files)
        argv.insert(argv.end(), {"--addfile", file});
    if (!task.compression.empty())
        argv.insert(argv.end(), {"--compression", task.compression});
    return argv;
}

Result<Creator> start_creator(const NativeTask& task) {
    auto name = proc::make_pipe(), complaint = proc::make_pipe();
    for (const auto* pipe : {&name, &complaint})
        if (!*pipe)
            return pipe->error();
    auto child = proc::spawn({.program = task.creator,
                              .argv = arguments(task),
                              .working_directory = task.directory,
                              .stdin_fd = proc::dev_null,
                              .stdout_fd = proc::dev_null,
                              .stderr_fd = complaint->write.get(),
                              .extra_fds = {{name->write.get(), name_fd}},
                              .new_process_group = true,
                              .die_with_parent = true,
                              .nice_increment = task.nice_increment});
    if (!child)
        return child.error();
    return Creator{*std::move(child), Capture(std::move(name->read), name_bytes),
                   Capture(std::move(complaint->read), complaint_bytes)};
}

/// Until both pipes are at their end, which they are when the creator is.
Result<proc::ExitStatus> listen(Creator& creator, net::Deadline deadline) {
    while (!creator.name.ended() || !creator.complaint.ended()) {
        pollfd fds[] = {{creator.name.fd(), POLLIN, 0}, {creator.complaint.fd(), POLLIN, 0}};
        const int ready = ::poll(fds, std::size(fds), proc::poll_timeout(deadline));
        if (ready == 0)
            return Error{Errc::timeout, "making the environment takes too long"};
        if (ready < 0 && errno != EINTR)
            return system_error("wait for the environment's creator");
        if (ready > 0 && fds[0].revents != 0)
            creator.name.read();
        if (ready > 0 && fds[1].revents != 0)
            creator.complaint.read();
    }
    return creator.child.wait(deadline);
}

/// The archive's path, from the line that was written to descriptor 5.
Result<std::string> archive_path(const NativeTask& task, const std::string& line) {
    const std::string name = line.substr(0, line.find('\n'));
    if (name.find('/') != std::string::npos || !env::parse_archive_path(name))
        return Error{Errc::invalid, str("'", name, "' is not an archive's name")};
    return str(task.directory, '/', name);
}

Result<NativeReport> describe(const std::string& path) {
    const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (!file)
        return system_error(str("open ", path));
    env::Digest digest(env::Digest::Kind::sha256);
    std::array<char, 65536> buffer;
    std::uint64_t size = 0;
    ssize_t got = 0;
    while ((got = ::read(file.get(), buffer.data(), buffer.size())) > 0) {
        digest.update(std::string_view(buffer.data(), static_cast<std::size_t>(got)));
        size += static_cast<std::uint64_t>(got);
    }
    if (got < 0)
        return system_error(str("read ", path));
    return NativeReport{.path = path,
                        .digest = digest.finish_hex(),
                        .archive_kib = static_cast<std::uint32_t>(size >> 10),
                        .error = {}};
}

Result<NativeReport> make_native(const NativeTask& task) {
    if (const auto assumed = sandbox::assume(task.account); !assumed)
        return assumed.error();
    auto creator = start_creator(task);
    if (!creator)
        return creator.error();
    const auto status = listen(*creator, net::Clock::now() + native_time);
    if (!status)
        return status.error();
    if (!status->success())
        return Error{Errc::unsupported, str(task.creator, " failed with ", status->shell_code(),
                                            ": ", creator->complaint.text())};
    const auto path = archive_path(task, creator->name.text());
    if (!path)
        return path.error();
    return describe(*path);
}

} // namespace

Result<Worker> start_native(const NativeTask& task) {
    return start_worker({}, [&](int report_fd) {
        const auto made = make_native(task);
        const NativeReport report = made ? *made : NativeReport{.error = made.error().text};
        return send_report(report_fd, report) ? 0 : 1;
    });
}

} // namespace ice::iceccd
