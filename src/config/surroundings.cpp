#include "config/surroundings.h"

#include <array>
#include <cstring>
#include <pwd.h>
#include <unistd.h>

extern char** environ;

namespace ice::config {

namespace {

/// Room for one passwd entry; one that needs more is treated as absent.
constexpr std::size_t entry_size = 16'384;

std::optional<Account> account_of(const std::string& name) {
    std::array<char, entry_size> buffer;
    passwd entry{};
    passwd* found = nullptr;
    if (::getpwnam_r(name.c_str(), &entry, buffer.data(), buffer.size(), &found) != 0 ||
        found == nullptr)
        return std::nullopt;
    return Account{name, entry.pw_uid, entry.pw_gid};
}

} // namespace

const std::string* Surroundings::variable(const std::string& name) const {
    const auto found = environment.find(name);
    return found == environment.end() ? nullptr : &found->second;
}

Surroundings process_surroundings() {
    Surroundings surroundings;
    for (char** variable = environ; *variable != nullptr; ++variable)
        if (char* equals = std::strchr(*variable, '='))
            surroundings.environment.emplace(std::string(*variable, equals), equals + 1);
    surroundings.self = {"", ::geteuid(), ::getegid()};
    surroundings.find_account = account_of;
    return surroundings;
}

} // namespace ice::config
