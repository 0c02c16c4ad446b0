#include "create-env/test_env.h"

#include "base/check.h"
#include "base/str.h"
#include "base/unique_fd.h"
#include "env/tree.h"
#include "env/unpack.h"
#include "proc/spawn.h"
#include "proc/worker.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <sched.h>
#include <unistd.h>
#include <vector>

namespace ice::create_env {

namespace {

constexpr std::chrono::seconds program_limit{60};
constexpr std::chrono::minutes all_limit{10};
constexpr std::size_t chunk_size = 256 * 1024;

/// A program of the environment to run with nothing on stdin; it must exit with 0.
struct Check {
    std::string needs; ///< run only if this is in the environment; empty: always
    std::vector<std::string> argv;
};

// What a helper will do with them (environments.md 6.8).
const std::vector<Check>& checks() {
    static const std::vector<Check> list{
        {"", {"/bin/true"}},
        {"", {"/usr/bin/as", "-o", "test.o"}},
        {"usr/bin/clang", {"/usr/bin/clang", "-xc", "-c", "-o", "test.o", "-"}},
        {"usr/bin/clang", {"/usr/bin/clang", "-xc++", "-c", "-o", "test.o", "-"}},
        {"usr/bin/cc1", {"/usr/bin/gcc", "-fpreprocessed", "-xc", "-c", "-o", "test.o", "-"}},
        {"usr/bin/cc1", {"/usr/bin/cc1", "-fpreprocessed", "-o", "test.o", "-quiet"}},
        {"usr/bin/cc1plus", {"/usr/bin/g++", "-fpreprocessed", "-xc++", "-c", "-o", "test.o", "-"}},
        {"usr/bin/cc1plus", {"/usr/bin/cc1plus", "-fpreprocessed", "-o", "test.o", "-quiet"}},
    };
    return list;
}

bool has_compiler(const std::string& root) {
    return std::ranges::any_of(checks(), [&](const Check& test) {
        return !test.needs.empty() && std::filesystem::exists(str(root, "/", test.needs));
    });
}

Result<env::Unpacked> unpack_file(const std::string& archive, const std::string& directory) {
    const UniqueFd file(open(archive.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file)
        return system_error(str("open ", archive));
    std::vector<std::uint8_t> buffer(chunk_size);
    return env::unpack(directory, [&]() -> Result<std::span<const std::uint8_t>> {
        const ssize_t got = read(file.get(), buffer.data(), buffer.size());
        if (got < 0)
            return system_error(str("read ", archive));
        return std::span<const std::uint8_t>(buffer).first(static_cast<std::size_t>(got));
    });
}

void write_file(const char* path, const std::string& text) {
    const UniqueFd file(check(open(path, O_WRONLY | O_CLOEXEC), path));
    check(write(file.get(), text.data(), text.size()), path);
}

/// Root in a namespace of our own, where nobody but us is: enough for chroot(2).
void enter_user_namespace() {
    const uid_t uid = geteuid();
    const gid_t gid = getegid();
    check(unshare(CLONE_NEWUSER), "create a user namespace (run as root, or allow "
                                  "kernel.unprivileged_userns_clone)");
    // Without this an unprivileged process may not map groups (user_namespaces(7)).
    write_file("/proc/self/setgroups", "deny");
    write_file("/proc/self/uid_map", str("0 ", uid, " 1\n"));
    write_file("/proc/self/gid_map", str("0 ", gid, " 1\n"));
}

void enter_environment(const std::string& root) {
    if (geteuid() != 0)
        enter_user_namespace();
    check(chroot(root.c_str()), "chroot");
    check(chdir("/tmp"), "chdir /tmp");
}

std::string joined(const std::vector<std::string>& argv) {
    std::string line;
    for (const std::string& word : argv)
        line += (line.empty() ? "" : " ") + word;
    return line;
}

/// In the environment: an Error unless the program exits with 0.
Result<void> run_check(const Check& test, int null_fd, bool quiet) {
    proc::SpawnSpec spec{.program = test.argv.front(), .argv = test.argv};
    spec.environment = std::vector<std::string>{"PATH=/usr/bin", "LC_ALL=C"};
    spec.stdin_fd = null_fd;
    spec.stdout_fd = quiet ? null_fd : STDOUT_FILENO;
    spec.stderr_fd = quiet ? null_fd : STDERR_FILENO;
    spec.new_process_group = true;
    auto child = proc::spawn(spec);
    if (!child)
        return child.error();
    const auto status = child->wait(proc::deadline_in(program_limit));
    if (!status)
        return status.error();
    if (!status->success())
        return Error{Errc::invalid, str("exit status ", status->shell_code())};
    return {};
}

/// The body of the child: all checks, in the environment. Its exit code is ours.
int run_checks(const std::string& root, const TestOptions& options, std::ostream& out,
               std::ostream& err) {
    // The environment has none, but the programs' streams need one.
    const UniqueFd null(check(open("/dev/null", O_RDWR | O_CLOEXEC), "open /dev/null"));
    enter_environment(root);
    for (const Check& test : checks()) {
        if (!test.needs.empty() && !std::filesystem::exists("/" + test.needs))
            continue;
        if (!options.quiet)
            out << "testing " << joined(test.argv) << std::endl;
        if (const Result<void> passed = run_check(test, null.get(), options.quiet); !passed) {
            err << options.archive << ": " << joined(test.argv) << ": " << passed.error().text
                << std::endl;
            return environment_bad;
        }
    }
    return environment_good;
}

Result<int> test_in_child(const std::string& root, const TestOptions& options, std::ostream& out,
                          std::ostream& err) {
    auto worker = proc::fork_worker({}, [&]() -> int {
        try {
            return run_checks(root, options, out, err);
        } catch (const std::exception& failure) {
            err << options.archive << ": " << failure.what() << std::endl;
            return environment_bad;
        }
    });
    if (!worker)
        return worker.error();
    const auto status = worker->wait(proc::deadline_in(all_limit));
    if (!status)
        return status.error();
    return status->success() ? environment_good : environment_bad;
}

Result<int> unpack_and_test(const TestOptions& options, std::ostream& out, std::ostream& err) {
    const auto tree = env::StagingTree::create_in(options.temporary_parent);
    if (!tree)
        return tree.error();
    const auto unpacked = unpack_file(options.archive, tree->path());
    if (!unpacked)
        return unpacked.error();
    if (!options.quiet)
        out << "content name " << unpacked->content_name << ", SHA-256 " << unpacked->sha256
            << std::endl;
    if (!env::is_environment(tree->path()))
        return Error{Errc::invalid, "there is no executable usr/bin/as in it, so no helper would "
                                    "take it for an environment"};
    if (!has_compiler(tree->path()))
        return Error{Errc::invalid, "there is no compiler in it: neither usr/bin/clang nor gcc's "
                                    "usr/bin/cc1 or cc1plus"};
    return test_in_child(tree->path(), options, out, err);
}

} // namespace

int test_env(const TestOptions& options, std::ostream& out, std::ostream& err) {
    const auto result = unpack_and_test(options, out, err);
    if (result)
        return *result;
    err << options.archive << ": " << result.error().text << std::endl;
    return environment_bad;
}

const char* const test_usage =
    R"(Usage: icecc-test-env [OPTION...] ARCHIVE

Unpacks an environment made by icecc-create-env and runs its compilers in it, as a helper would.

Options:
  -q, --quiet  say only what is wrong
  -h, --help   print this and leave

The exit status is 0 if all is well and 2 if not.
)";

} // namespace ice::create_env
