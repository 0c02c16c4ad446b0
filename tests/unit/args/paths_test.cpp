#include "args/paths.h"

#include "args/source_file.h"

#include <boost/test/unit_test.hpp>

namespace ice::args {

BOOST_AUTO_TEST_SUITE(paths)

BOOST_AUTO_TEST_CASE(takes_the_extension_from_the_last_component_only) {
    BOOST_TEST(with_extension("a.c", "o") == "a.o");
    BOOST_TEST(with_extension("dir.d/out", "d") == "dir.d/out.d");
    BOOST_TEST(with_extension("sub/a.b.o", "d") == "sub/a.b.d");
    BOOST_TEST(with_extension("sub/.a", "d") == "sub/.d");
    BOOST_TEST(with_extension("./plain", "dwo") == "./plain.dwo");
}

BOOST_AUTO_TEST_CASE(makes_paths_absolute_and_collapses_them) {
    BOOST_TEST(absolute_path("/t", "a.c") == "/t/a.c");
    BOOST_TEST(absolute_path("/t", "sub/../ignore.txt") == "/t/ignore.txt");
    BOOST_TEST(absolute_path("/t", ".//x/./y") == "/t/x/y");
    BOOST_TEST(absolute_path("/t", "/usr/lib") == "/usr/lib");
    BOOST_TEST(absolute_path("/t", "../../..") == "/");
}

BOOST_AUTO_TEST_CASE(recognises_configure_probes_by_name_or_directory) {
    BOOST_TEST(is_configure_probe("/t/conftest.c", "/t"));
    BOOST_TEST(!is_configure_probe("/t/conftest_util.c", "/t"));
    BOOST_TEST(is_configure_probe("/b/CMakeFiles/CMakeScratch/TryCompile-x/src.c", "/b"));
    BOOST_TEST(is_configure_probe("/b/CMakeFiles/CMakeTmp/a.c", "/b/CMakeFiles/CMakeTmp"));
    BOOST_TEST(is_configure_probe("/b/meson-private/tmpab/testfile.c", "/b"));
    BOOST_TEST(!is_configure_probe("/b/src.c", "/b"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace ice::args
