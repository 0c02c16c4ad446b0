#include "host_environment.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <unistd.h>

namespace ice::test {

namespace fs = std::filesystem;

namespace {

/// The absolute paths in ldd's output. Good enough for programs of the host under test.
std::vector<std::string> libraries_of(const std::string& program) {
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen(("ldd " + program).c_str(), "r"),
                                                     ::pclose);
    std::vector<std::string> found;
    char line[1024];
    while (pipe && std::fgets(line, sizeof line, pipe.get())) {
        std::istringstream words(line);
        for (std::string word; words >> word;)
            if (word.front() == '/')
                found.push_back(word);
    }
    return found;
}

} // namespace

HostEnvironment::HostEnvironment(const std::vector<std::string>& programs) {
    std::string pattern = (fs::temp_directory_path() / "icecc-test-env-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr)
        throw std::runtime_error("mkdtemp");
    path_ = pattern;
    fs::permissions(path_, fs::perms(0755));
    for (const std::string& program : programs)
        add_with_libraries(program);
    give_away();
}

/// A daemon's environments belong to the account it confines in; root's tests confine as nobody.
void HostEnvironment::give_away() const {
    constexpr uid_t nobody = 65534;
    if (::geteuid() != 0)
        return;
    for (const auto& entry : fs::recursive_directory_iterator(path_))
        if (::lchown(entry.path().c_str(), nobody, nobody) < 0)
            throw std::runtime_error("lchown");
    if (::lchown(path_.c_str(), nobody, nobody) < 0)
        throw std::runtime_error("lchown");
}

HostEnvironment::~HostEnvironment() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
}

void HostEnvironment::add_script(const std::string& path, const std::string& text) {
    const fs::path inside = path_ + path;
    fs::create_directories(inside.parent_path());
    std::ofstream(inside) << text;
    fs::permissions(inside, fs::perms(0755));
}

void HostEnvironment::add(const std::string& file) {
    const fs::path inside = path_ + file;
    fs::create_directories(inside.parent_path());
    fs::copy_file(file, inside, fs::copy_options::skip_existing);
}

void HostEnvironment::add_with_libraries(const std::string& program) {
    add(program);
    for (const std::string& library : libraries_of(program))
        add(library);
}

} // namespace ice::test
