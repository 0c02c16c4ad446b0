#include "iceccd/worker_native.h"

#include "base/check.h"
#include "env/digest.h"
#include "env/name.h"
#include "iceccd/capture.h"
#include "iceccd/worker_limits.h"
#include "net/clock.h"
#include "proc/pipe.h"
#include "proc/spawn.h"

#include <algorithm>
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
/// Where it writes what the archive is made of; a toolchain is some 60 files.
constexpr int sources_fd = 6;
constexpr std::size_t sources_bytes = 256 * 1024;

struct Creator {
    proc::Child child;
    Capture name, sources, complaint;
};

std::vector<std::string> arguments(const NativeTask& task) {
    std::vector<std::string> argv{task.creator, task.compiler};
    for (const std::string& file : task.extra_files)
        argv.insert(argv.end(), {"--addfile", file});
    if (!task.compression.empty())
        argv.insert(argv.end(), {"--compression", task.compression});
    argv.insert(argv.end(), {"--sources-fd", std::to_string(sources_fd)});
    return argv;
}

Result<Creator> start_creator(const NativeTask& task) {
    auto name = proc::make_pipe(), sources = proc::make_pipe(), complaint = proc::make_pipe();
    for (const auto* pipe : {&name, &sources, &complaint})
        if (!*pipe)
            return pipe->error();
    auto child = proc::spawn(
        {.program = task.creator,
         .argv = arguments(task),
         .working_directory = task.directory,
         .stdin_fd = proc::dev_null,
         .stdout_fd = proc::dev_null,
         .stderr_fd = complaint->write.get(),
         .extra_fds = {{name->write.get(), name_fd}, {sources->write.get(), sources_fd}},
         .new_process_group = true,
         .die_with_parent = true,
         .nice_increment = task.nice_increment});
    if (!child)
        return child.error();
    return Creator{*std::move(child), Capture(std::move(name->read), name_bytes),
                   Capture(std::move(sources->read), sources_bytes),
                   Capture(std::move(complaint->read), complaint_bytes)};
}

/// Until all pipes are at their end, which they are when the creator is.
Result<proc::ExitStatus> listen(Creator& creator, net::Deadline deadline) {
    const std::array captures{&creator.name, &creator.sources, &creator.complaint};
    const auto ended = [](const Capture* capture) { return capture->ended(); };
    while (!std::ranges::all_of(captures, ended)) {
        std::array<pollfd, captures.size()> fds{};
        std::ranges::transform(captures, fds.begin(), [](const Capture* capture) {
            return pollfd{capture->fd(), POLLIN, 0};
        });
        const int ready = ::poll(fds.data(), fds.size(), proc::poll_timeout(deadline));
        if (ready == 0)
            return Error{Errc::timeout, "making the environment takes too long"};
        if (ready < 0 && errno != EINTR)
            return system_error("wait for the environment's creator");
        for (std::size_t i = 0; ready > 0 && i < fds.size(); ++i)
            if (fds[i].revents != 0)
                captures[i]->read();
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

/// Those cut off at the limit are missing; what is complete is still worth watching.
wire::StringList complete_lines(std::string_view text) {
    wire::StringList lines;
    for (std::size_t end = 0; (end = text.find('\n')) != text.npos; text.remove_prefix(end + 1))
        lines.emplace_back(text.substr(0, end));
    return lines;
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
                        .error = {},
                        .sources = {}};
}

Result<NativeReport> make_native(const NativeTask& task) {
    if (const auto assumed = sandbox::assume(task.account); !assumed)
        return assumed.error();
    // Who tidies up /var/tmp may have taken it for empty.
    ::mkdir(task.directory.c_str(), 0775);
    auto creator = start_creator(task);
    if (!creator)
        return creator.error();
    const auto status = listen(*creator, net::deadline_in(native_time));
    if (!status)
        return status.error();
    if (!status->success())
        return Error{Errc::unsupported, str(task.creator, " failed with ", status->shell_code(),
                                            ": ", creator->complaint.text())};
    const auto path = archive_path(task, creator->name.text());
    if (!path)
        return path.error();
    auto report = describe(*path);
    if (report)
        report->sources = complete_lines(creator->sources.text());
    return report;
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
