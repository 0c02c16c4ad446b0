#include "icecc/client.h"
#include "proc/standard_fds.h"

#include <cstddef>
#include <exception>
#include <string_view>
#include <unistd.h>

namespace {

constexpr int exit_failure = 100; // Upstream's "general failure".

std::size_t length_of(char** list) {
    std::size_t length = 0;
    while (list[length] != nullptr)
        ++length;
    return length;
}

void say(std::string_view text) {
    static_cast<void>(!::write(STDERR_FILENO, text.data(), text.size()));
}

} // namespace

int main(int argc, char** argv) {
    try {
        ice::proc::fill_standard_fds();
        return ice::icecc::run_client({argv, static_cast<std::size_t>(argc)},
                                      {environ, length_of(environ)});
    } catch (const std::exception& failure) {
        say("icecc: ");
        say(failure.what());
        say("\n");
        return exit_failure;
    }
}
