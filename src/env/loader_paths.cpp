#include "env/loader_paths.h"

#include "base/str.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <glob.h>
#include <set>
#include <sstream>
#include <string_view>

namespace ice::env {

namespace {

constexpr int max_include_depth = 8;
constexpr std::string_view musl_stem = "/ld-musl-";

// Built into glibc, by slibdir and libdir of the ABIs. Debian's multiarch directories need no row:
// its ld.so.conf.d names them.
constexpr std::array<std::string_view, 4> built_in{"/lib64", "/usr/lib64", "/lib", "/usr/lib"};

std::vector<std::string> expand_glob(const std::string& pattern) {
    glob_t found{};
    std::vector<std::string> paths;
    if (glob(pattern.c_str(), 0, nullptr, &found) == 0)
        paths.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
    globfree(&found);
    return paths;
}

void read_conf(const std::string& sysroot, const std::string& path, int depth,
               std::vector<std::string>& directories) {
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);) {
        std::istringstream words(line.substr(0, line.find('#')));
        std::string word;
        if (!(words >> word))
            continue;
        if (word != "include") {
            // "=TYPE" after a directory is from libc5 times (ldconfig(8)).
            directories.push_back(word.substr(0, word.find('=')));
            continue;
        }
        while (depth < max_include_depth && words >> word) {
            const bool absolute = word.starts_with('/');
            const std::string base = path.substr(0, path.rfind('/') + 1);
            for (const std::string& found : expand_glob((absolute ? sysroot : base) + word))
                read_conf(sysroot, found, depth + 1, directories);
        }
    }
}

void drop_repeated(std::vector<std::string>& directories) {
    std::set<std::string> seen;
    std::erase_if(directories,
                  [&](const std::string& directory) { return !seen.insert(directory).second; });
}

} // namespace

std::vector<std::string> glibc_directories(const std::string& sysroot) {
    std::vector<std::string> directories;
    read_conf(sysroot, sysroot + "/etc/ld.so.conf", 0, directories);
    directories.insert(directories.end(), built_in.begin(), built_in.end());
    drop_repeated(directories);
    return directories;
}

bool is_musl(const std::string& interpreter) {
    return interpreter.find(musl_stem) != interpreter.npos;
}

std::vector<std::string> musl_directories(const std::string& sysroot,
                                          const std::string& interpreter) {
    const std::size_t begin = interpreter.find(musl_stem) + musl_stem.size();
    const std::string arch = interpreter.substr(begin, interpreter.find(".so", begin) - begin);
    std::ifstream file(str(sysroot, "/etc/ld-musl-", arch, ".path"));
    std::ostringstream content;
    content << file.rdbuf();
    std::string list = file.is_open() ? content.str() : "/lib:/usr/local/lib:/usr/lib";
    std::ranges::replace(list, ':', ' ');
    std::istringstream words(list);
    std::vector<std::string> directories;
    for (std::string word; words >> word;)
        directories.push_back(word);
    return directories;
}

} // namespace ice::env
