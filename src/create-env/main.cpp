// icecc-create-env: packs a compiler for other hosts.
#include "create-env/create_env.h"
#include "proc/standard_fds.h"

#include <csignal>
#include <cstdlib>
#include <exception>
#include <fcntl.h>
#include <filesystem>
#include <iostream>

using namespace ice::create_env;

namespace {

// Where upstream's daemon, and ours, reads the archive's name.
constexpr int name_fd = 5;

int run(const std::vector<std::string>& words, std::optional<int> out_fd) {
    const auto options = parse_options(words, [](const std::string& path) {
        std::error_code failed;
        return std::filesystem::is_regular_file(path, failed);
    });
    if (!options) {
        std::cerr << "icecc-create-env: " << options.error().text << '\n';
        return exit_bad_arguments;
    }
    if (options->help || options->version) {
        std::cout << (options->help ? usage : "icecc-create-env " ICECC_VERSION_TEXT "\n");
        return exit_done;
    }
    const char* path = std::getenv("PATH");
    const Surroundings surroundings{
        .search_path = path != nullptr ? path : "/usr/bin:/bin",
        .is_test = std::getenv("ICECC_TESTS") != nullptr,
        .name_fd = out_fd,
    };
    return create_env(*options, surroundings, std::cout, std::cerr);
}

} // namespace

int main(int argc, char** argv) {
    // Before anything of ours can get that number.
    const bool is_named = fcntl(name_fd, F_GETFD) >= 0;
    ice::proc::fill_standard_fds();
    // A compiler that does not read our question, or a daemon that left, is no reason to die.
    std::signal(SIGPIPE, SIG_IGN);
    try {
        return run({argv + 1, argv + argc}, is_named ? std::optional(name_fd) : std::nullopt);
    } catch (const std::exception& failure) {
        std::cerr << "icecc-create-env: " << failure.what() << '\n';
        return exit_bad_arguments;
    }
}
