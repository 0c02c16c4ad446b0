// icecc-test-env: does an environment work?
#include "create-env/test_env.h"
#include "proc/standard_fds.h"

#include <cstdlib>
#include <exception>
#include <iostream>
#include <span>
#include <string_view>

using namespace ice::create_env;

namespace {

int complain(std::string_view why) {
    std::cerr << "icecc-test-env: " << why << ". Try --help.\n";
    return environment_bad;
}

int run(std::span<char*> words) {
    TestOptions options;
    if (const char* parent = std::getenv("TMPDIR"); parent != nullptr && *parent != '\0')
        options.temporary_parent = parent;
    for (const std::string_view word : words) {
        if (word == "-h" || word == "--help") {
            std::cout << test_usage;
            return environment_good;
        }
        if (word == "-q" || word == "--quiet")
            options.quiet = true;
        else if (word.starts_with('-') || !options.archive.empty())
            return complain("unknown argument '" + std::string(word) + "'");
        else
            options.archive = word;
    }
    if (options.archive.empty())
        return complain("which archive?");
    return test_env(options, std::cout, std::cerr);
}

} // namespace

int main(int argc, char** argv) {
    try {
        ice::proc::fill_standard_fds();
        return run(std::span(argv, static_cast<std::size_t>(argc)).subspan(1));
    } catch (const std::exception& failure) {
        return complain(failure.what());
    }
}
