#include "icecc/output_file.h"

#include <boost/test/unit_test.hpp>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

namespace ice::icecc {

namespace {

namespace fs = std::filesystem;

struct Directory {
    fs::path path;
    mode_t umask_before = ::umask(027);

    Directory() {
        std::string pattern = (fs::temp_directory_path() / "icecc-test-XXXXXX").string();
        path = ::mkdtemp(pattern.data());
    }
    ~Directory() {
        ::umask(umask_before);
        fs::remove_all(path);
    }
    Directory(const Directory&) = delete;
    Directory& operator=(const Directory&) = delete;

    [[nodiscard]] std::string file(const char* name) const { return path / name; }
    [[nodiscard]] static std::string content(const std::string& name) {
        std::ostringstream text;
        text << std::ifstream(name).rdbuf();
        return text.str();
    }
};

const std::vector<std::string> pieces{"one ", "", "two"};

} // namespace

BOOST_FIXTURE_TEST_SUITE(output_file, Directory)

BOOST_AUTO_TEST_CASE(writes_all_pieces_with_the_mode_a_compiler_gives) {
    BOOST_REQUIRE(replace_file(file("a.o"), pieces));
    BOOST_TEST(content(file("a.o")) == "one two");
    struct stat info {};
    BOOST_REQUIRE(::stat(file("a.o").c_str(), &info) == 0);
    BOOST_TEST((info.st_mode & 07777) == 0640U);
}

BOOST_AUTO_TEST_CASE(replaces_a_link_and_leaves_its_target_alone) {
    std::ofstream(file("target")) << "old";
    fs::create_symlink("target", file("a.o"));
    BOOST_REQUIRE(replace_file(file("a.o"), pieces));
    BOOST_TEST(content(file("target")) == "old");
    BOOST_TEST(!fs::is_symlink(file("a.o")));
}

BOOST_AUTO_TEST_CASE(leaves_nothing_behind_at_the_limit_of_file_sizes) {
    rlimit before{};
    BOOST_REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
    const rlimit small{.rlim_cur = 4, .rlim_max = before.rlim_max};
    BOOST_REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
    const auto written = replace_file(file("a.o"), pieces);
    BOOST_REQUIRE(::setrlimit(RLIMIT_FSIZE, &before) == 0);
    BOOST_TEST(!written);
    BOOST_TEST(fs::is_empty(path));
    struct sigaction disposition {};
    BOOST_REQUIRE(::sigaction(SIGXFSZ, nullptr, &disposition) == 0);
    BOOST_TEST((disposition.sa_handler == SIG_DFL));
}

BOOST_AUTO_TEST_CASE(leaves_nothing_behind_when_it_fails) {
    fs::create_directory(file("a.o"));
    fs::create_directory(file("a.o") + "/full");
    const auto failed = replace_file(file("a.o"), pieces);
    BOOST_TEST(!failed);
    BOOST_TEST(std::distance(fs::directory_iterator(path), fs::directory_iterator()) == 1);
    BOOST_TEST((replace_file(file("missing/a.o"), pieces).error().code == Errc::not_found));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace ice::icecc
