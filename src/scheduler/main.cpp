// icecc-scheduler: decides which host of a cluster compiles what.
#include "scheduler/program.h"

#include <cstdio>
#include <exception>
#include <string>
#include <vector>

namespace {

int start(const std::vector<std::string>& arguments) {
    auto parsed = ice::config::parse_scheduler(arguments, ice::config::process_surroundings());
    if (const auto* leave = std::get_if<ice::config::Exit>(&parsed)) {
        std::fputs(leave->text.c_str(), leave->status == 0 ? stdout : stderr);
        return leave->status;
    }
    const auto done = ice::scheduler::run(std::get<ice::config::SchedulerConfig>(parsed));
    if (done)
        return 0;
    std::fprintf(stderr, "icecc-scheduler: %s\n", done.error().text.c_str());
    return 1;
}

} // namespace

int main(int argc, char** argv) {
    try {
        return start({argv + 1, argv + argc});
    } catch (const std::exception& error) {
        std::fprintf(stderr, "icecc-scheduler: %s\n", error.what());
        return 1;
    }
}
