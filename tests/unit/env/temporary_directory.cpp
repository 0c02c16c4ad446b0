#include "temporary_directory.h"

#include "base/assert.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <sys/stat.h>

namespace ice::test {

namespace fs = std::filesystem;

TemporaryDirectory::TemporaryDirectory() : path_(fs::temp_directory_path() / "icecc-test-XXXXXX") {
    ASSERT(mkdtemp(path_.data()) != nullptr);
}

TemporaryDirectory::~TemporaryDirectory() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
}

std::string TemporaryDirectory::add(std::string_view name, std::string_view content,
                                    int mode) const {
    const std::string path = *this / name;
    fs::create_directories(fs::path(path).parent_path());
    std::ofstream(path) << content;
    ASSERT(chmod(path.c_str(), static_cast<mode_t>(mode)) == 0);
    return path;
}

std::string TemporaryDirectory::add(std::string_view name, std::span<const std::uint8_t> content,
                                    int mode) const {
    return add(name, {reinterpret_cast<const char*>(content.data()), content.size()}, mode);
}

std::string read_file(const std::string& path) {
    std::ostringstream content;
    content << std::ifstream(path).rdbuf();
    return content.str();
}

} // namespace ice::test
