#include "config/surroundings.h"

#include "base/check.h"
#include "base/str.h"
#include "config/conf_file.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <grp.h>
#include <pwd.h>
#include <sys/statvfs.h>
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

std::optional<unsigned> group_of(const std::string& name) {
    std::array<char, entry_size> buffer;
    group entry{};
    group* found = nullptr;
    if (::getgrnam_r(name.c_str(), &entry, buffer.data(), buffer.size(), &found) != 0 ||
        found == nullptr)
        return std::nullopt;
    return entry.gr_gid;
}

bool is_file(const std::string& path) {
    std::error_code ignored;
    return std::filesystem::is_regular_file(path, ignored);
}

/// One byte more than a configuration may have, so that its reader sees that it is too long.
Result<std::string> read_file(const std::string& path) {
    if (!is_file(path))
        return Error{Errc::not_found, "there is no such file"};
    std::ifstream stream(path, std::ios::binary);
    std::string text(max_conf_file_size + 1, '\0');
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (!stream.is_open() || stream.bad())
        return Error{Errc::denied, str("cannot be read: ", std::strerror(errno))};
    text.resize(static_cast<std::size_t>(stream.gcount()));
    return text;
}

std::string fault_of_directory(const std::string& directory) {
    std::error_code ignored;
    std::filesystem::path existing = directory;
    while (existing.has_relative_path() && !std::filesystem::exists(existing, ignored))
        existing = existing.parent_path();
    if (!std::filesystem::is_directory(existing, ignored))
        return str(existing.string(), " is no directory");
    struct statvfs facts {};
    if (::statvfs(existing.c_str(), &facts) == 0 && (facts.f_flag & ST_NOEXEC) != 0)
        return str(directory, " is on a file system mounted noexec; compilers are run from there");
    return "";
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
    surroundings.find_group = group_of;
    surroundings.usual_files = {ICECC_CONFIG_DIRECTORY "/icecream",
                                ICECC_CONFIG_DIRECTORY "/icecream.conf"};
    surroundings.is_file = is_file;
    surroundings.read_file = read_file;
    surroundings.fault_of_directory = fault_of_directory;
    return surroundings;
}

} // namespace ice::config
