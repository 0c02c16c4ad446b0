#include "iceccd/quoted_sources.h"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace ice::iceccd {

namespace fs = std::filesystem;

namespace {

/// A compiler's root in a directory of its own.
struct Root {
    fs::path path = fs::temp_directory_path() / "icecc_quoted_XXXXXX";
    Root() {
        std::string name = path;
        BOOST_REQUIRE(::mkdtemp(name.data()) != nullptr);
        path = name;
    }
    ~Root() { fs::remove_all(path); }

    [[nodiscard]] UniqueFd fd() const {
        return UniqueFd(::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    }
    [[nodiscard]] std::string read(const std::string& name) const {
        std::ostringstream text;
        text << std::ifstream(path / name).rdbuf();
        return text.str();
    }
    std::vector<std::string> put(const std::string& source, std::size_t piece = 1000) const {
        QuotedSources quoted(fd(), "/w");
        for (std::size_t at = 0; at < source.size(); at += piece)
            quoted.take(std::string_view(source).substr(at, piece));
        quoted.write();
        return quoted.written();
    }
};

using Names = std::vector<std::string>;

} // namespace

BOOST_FIXTURE_TEST_SUITE(quoted_sources, Root)

BOOST_AUTO_TEST_CASE(puts_lines_where_the_markers_say) {
    const std::string source = "# 0 \"a.c\"\n# 0 \"<built-in>\"\nnot this\n# 1 \"a.c\"\none\n\n"
                               "# 1 \"sub/b.h\" 1\nbee\n# 4 \"a.c\" 2\nfour\n";
    for (const std::size_t piece : {1U, 7U, 1000U}) {
        const Root root;
        BOOST_TEST(root.put(source, piece) == (Names{"/w/a.c", "/w/sub/b.h"}));
        BOOST_TEST(root.read("w/a.c") == "one\n\n\nfour\n");
        BOOST_TEST(root.read("w/sub/b.h") == "bee\n");
    }
}

BOOST_AUTO_TEST_CASE(leaves_system_headers_out) {
    BOOST_TEST(put("# 1 \"/usr/include/s.h\" 1 3 4\ns\n# 2 \"/x/a.c\" 2\na\n") == Names{"/x/a.c"});
    BOOST_TEST(read("x/a.c") == "\na\n");
}

BOOST_AUTO_TEST_CASE(keeps_the_first_of_two_inclusions) {
    put("# 1 \"x.h\" 1\none\ntwo\n# 1 \"x.h\" 1\nother\ntwo\nthree\n");
    BOOST_TEST(read("w/x.h") == "one\ntwo\nthree\n");
}

BOOST_AUTO_TEST_CASE(touches_no_file_that_is_there) {
    fs::create_directory(path / "w");
    std::ofstream(path / "w/a.c") << "mine";
    BOOST_TEST(put("# 1 \"a.c\"\none\n") == Names{});
    BOOST_TEST(read("w/a.c") == "mine");
}

BOOST_AUTO_TEST_CASE(stays_inside_the_root) {
    const Root outside;
    fs::create_directory(path / "w");
    fs::create_directory_symlink(outside.path, path / "w/out");
    put("# 1 \"../../../up.c\"\none\n# 1 \"out/link.c\"\ntwo\n");
    BOOST_TEST(read("up.c") == "one\n");
    BOOST_TEST(!fs::exists(outside.path / "link.c"));
}

BOOST_AUTO_TEST_CASE(gives_up_on_lines_and_gaps_beyond_its_limits) {
    put("# 1 \"a.c\"\none\n# 4000000000 \"a.c\"\nfar\n# 2 \"a.c\"\ntwo\n");
    BOOST_TEST(read("w/a.c") == "one\ntwo\n");
    put("# 1 \"b.c\"\n" + std::string(3U << 20, 'x') + "\ntwo\n");
    BOOST_TEST(read("w/b.c").size() < (2U << 20));
}

BOOST_AUTO_TEST_CASE(ignores_names_that_are_none) {
    BOOST_TEST(put("# 1 \"\"\na\n# 1 \"<stdin>\"\nb\n# 1 \"x\\\\y\"\nc\n# 1 \"/w//\"\nd\n") ==
               Names{});
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace ice::iceccd
