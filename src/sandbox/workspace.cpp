#include "sandbox/workspace.h"

#include "base/check.h"
#include "proc/spawn.h"
#include "sandbox/init.h"
#include "sandbox/program.h"

#include <algorithm>
#include <array>
#include <fcntl.h>
#include <filesystem>
#include <linux/openat2.h>
#include <sched.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <system_error>
#include <unistd.h>

namespace ice::sandbox {

namespace {

proc::SpawnSpec spawn_spec(const Command& command) {
    return {.program = command.program,
            .argv = command.argv,
            .environment = command.environment,
            .working_directory = command.working_directory,
            .stdin_fd = command.stdin_fd,
            .stdout_fd = command.stdout_fd,
            .stderr_fd = command.stderr_fd,
            .nice_increment = command.nice_increment,
            .limits = resource_limits(command.limits),
            .clone_flags = CLONE_NEWNS};
}

Result<Running> start_program(const Command& command, const SyscallFilter& filter) {
    std::vector<std::string> directories = command.directories;
    directories.push_back(command.working_directory);
    ProgramSetup setup{directories, filter};
    proc::SpawnSpec spec = spawn_spec(command);
    spec.prepare = [&] { return take(program_steps(), setup); };
    auto init = Init::start(spec);
    if (!init)
        return init.error();
    return Running(*std::move(init));
}

} // namespace

Result<Workspace> Workspace::enter(const SpaceSpec& spec) {
    SpaceSetup setup{.spec = spec};
    if (const auto entered = take(space_steps(), setup); !entered)
        return entered.error();
    UniqueFd upper(::open(upper_directory, O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!upper)
        return system_error("open the outputs' directory");
    return Workspace(std::move(upper));
}

Result<Running> Workspace::start(const Command& command) {
    if (command.filter != nullptr)
        return start_program(command, *command.filter);
    const auto filter = SyscallFilter::make();
    if (!filter)
        return Error{Errc::unsupported, filter.error().text};
    return start_program(command, *filter);
}

Result<UniqueFd> Workspace::open_output(const std::string& path) const {
    ASSERT(!path.empty() && path.front() == '/');
    // Not blocking, so that a FIFO of that name cannot hold us.
    open_how how{};
    how.flags = O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC;
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
    const char* const inside = path.c_str() + path.find_first_not_of('/');
    UniqueFd file(static_cast<int>(::syscall(SYS_openat2, upper_.get(), inside, &how, sizeof how)));
    if (!file)
        return system_error(str("open output ", path));
    struct stat status {};
    if (::fstat(file.get(), &status) < 0)
        return system_error(str("examine output ", path));
    if (!S_ISREG(status.st_mode))
        return Error{Errc::invalid, str("output ", path, " is not a regular file")};
    return file;
}

Result<std::vector<std::string>> Workspace::outputs(std::size_t most) const {
    namespace fs = std::filesystem;
    const std::string top = upper_directory;
    std::vector<std::string> found;
    std::error_code error;
    fs::recursive_directory_iterator entry(top, error);
    for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
        const std::string path = entry->path().string().substr(top.size());
        if (path == "/tmp" || path == "/dev")
            entry.disable_recursion_pending();
        else if (entry->symlink_status(error).type() == fs::file_type::regular)
            found.push_back(path);
        if (found.size() > most)
            return Error{Errc::limit, str("more than ", most, " output files")};
    }
    if (error)
        return Error{Errc::system, str("list outputs: ", error.message())};
    std::sort(found.begin(), found.end());
    return found;
}

} // namespace ice::sandbox
