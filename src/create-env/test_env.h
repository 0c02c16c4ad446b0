// test_env(): unpacks an environment and runs its programs in it, as a helper would.
//
// Needs no root: without it, a user namespace gives the right to chroot.
#pragma once

#include <ostream>
#include <string>

namespace ice::create_env {

/// 1 is left to sudo, which says so that it refused (upstream's convention).
enum TestExitCode : int { environment_good = 0, environment_bad = 2 };

struct TestOptions {
    std::string archive;
    std::string temporary_parent = "/tmp";
    bool quiet = false;
};

[[nodiscard]] int test_env(const TestOptions& options, std::ostream& out, std::ostream& err);

extern const char* const test_usage;

} // namespace ice::create_env
