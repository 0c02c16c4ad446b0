// iceccd: the daemon that every machine of a cluster runs.
#include "iceccd/startup.h"

#include <exception>
#include <iostream>
#include <string>
#include <variant>
#include <vector>

int main(int argc, char** argv) {
    using namespace ice;
    try {
        const std::vector<std::string> arguments(argv + 1, argv + argc);
        const auto parsed = config::parse_daemon(arguments, config::process_surroundings());
        if (const auto* exit = std::get_if<config::Exit>(&parsed)) {
            (exit->status == 0 ? std::cout : std::cerr) << exit->text;
            return exit->status;
        }
        iceccd::serve(std::get<config::DaemonConfig>(parsed));
        return 0;
    } catch (const std::exception& exception) {
        std::cerr << "iceccd: " << exception.what() << '\n';
        return 1;
    }
}
