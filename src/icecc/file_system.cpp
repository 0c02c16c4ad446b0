#include "icecc/file_system.h"

#include <array>
#include <climits>
#include <sys/stat.h>
#include <unistd.h>

namespace ice::icecc {

namespace {

std::optional<FileIdentity> regular_file(const char* path) {
    struct stat info {};
    if (::stat(path, &info) != 0 || !S_ISREG(info.st_mode))
        return std::nullopt;
    return FileIdentity{info.st_dev, info.st_ino};
}

std::optional<std::string> link_target(const std::string& path) {
    std::array<char, PATH_MAX> target{};
    const ssize_t length = ::readlink(path.c_str(), target.data(), target.size());
    if (length < 0)
        return std::nullopt;
    return std::string(target.data(), static_cast<std::size_t>(length));
}

} // namespace

std::optional<FileIdentity> RealFileSystem::executable(const std::string& path) const {
    const auto file = regular_file(path.c_str());
    return file && ::access(path.c_str(), X_OK) == 0 ? file : std::nullopt;
}

std::vector<std::string> RealFileSystem::link_hops(const std::string& path) const {
    std::vector<std::string> hops;
    std::string place = path;
    for (int hop = 0; hop < max_link_hops; ++hop) {
        const auto target = link_target(place);
        if (!target)
            break;
        hops.push_back(*target);
        if (target->starts_with('/'))
            place = *target;
        else
            place = place.substr(0, place.rfind('/') + 1) + *target;
    }
    return hops;
}

std::optional<FileIdentity> RealFileSystem::self() const { return regular_file("/proc/self/exe"); }

} // namespace ice::icecc
