#include "icecc/trusted_path.h"

#include "icecc/file_system.h"

#include <algorithm>
#include <sys/stat.h>

namespace ice::icecc {

bool is_trusted_path(std::string path, uid_t owner) {
    if (!path.starts_with('/'))
        return false;
    int links = 0;
    for (std::size_t end = 0; end < path.size();) {
        end = std::min(path.find('/', end + 1), path.size());
        const std::string place = path.substr(0, end);
        struct stat status {};
        if (::lstat(place.c_str(), &status) != 0 || (status.st_uid != owner && status.st_uid != 0))
            return false;
        if (S_ISLNK(status.st_mode)) {
            const auto hops = RealFileSystem().link_hops(place);
            if (hops.empty() || ++links > max_link_hops)
                return false;
            const auto folder = hops.front().starts_with('/') ? 0 : place.rfind('/') + 1;
            path = place.substr(0, folder) + hops.front() + path.substr(end);
            end = 0;
        } else if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
            return false;
        }
    }
    return true;
}

} // namespace ice::icecc
