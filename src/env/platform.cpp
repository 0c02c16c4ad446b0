#include "env/platform.h"

#include "base/check.h"

#include <algorithm>
#include <array>
#include <sys/utsname.h>

namespace ice::env {

namespace {

struct Compatible {
    std::string_view environment;
    std::string_view machine;
};

constexpr std::array compatibles{
    Compatible{"i386", "i486"},   Compatible{"i386", "i586"}, Compatible{"i386", "i686"},
    Compatible{"i386", "x86_64"}, Compatible{"i486", "i586"}, Compatible{"i486", "i686"},
    Compatible{"i486", "x86_64"}, Compatible{"i586", "i686"}, Compatible{"i586", "x86_64"},
    Compatible{"i686", "x86_64"}, Compatible{"ppc", "ppc64"}, Compatible{"s390", "s390x"},
};

} // namespace

std::string host_platform() {
    utsname names{};
    check(uname(&names), "uname");
    const std::string system = names.sysname;
    std::string platform = names.machine;
    if (system == "Darwin") {
        const std::string release = names.release;
        platform = system + release.substr(0, release.find('.')) + "_" + platform;
    } else if (system != "Linux") {
        platform = system + "_" + platform;
    }
    std::erase(platform, ' ');
    return platform;
}

bool runs_on(std::string_view environment_platform, std::string_view machine) {
    return environment_platform == machine ||
           std::ranges::any_of(compatibles, [&](const Compatible& row) {
               return row.environment == environment_platform && row.machine == machine;
           });
}

} // namespace ice::env
