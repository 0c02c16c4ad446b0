#include "args/compiler_name.h"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

namespace ice::args {

namespace data = boost::unit_test::data;

BOOST_AUTO_TEST_SUITE(compiler_names)

BOOST_DATA_TEST_CASE(knows_c_compilers,
                     data::make({"gcc", "gcc-12", "gcc99", "/usr/bin/gcc",
                                 "arm-none-eabi-gcc-7.3.1", "clang", "clang-14",
                                 "armv7-linux-gnueabihf-clang", "cc", "cc-12", "x86_64-foo-cc",
                                 "x86_64-foo-cc-12.2", "c89", "c99", "egcc", "gcc-posix"}),
                     name) {
    const auto compiler = compiler_name(name);
    BOOST_REQUIRE(compiler.has_value());
    BOOST_TEST((compiler->language == Language::c));
}

BOOST_DATA_TEST_CASE(knows_cxx_compilers,
                     data::make({"g++", "g++-12", "c++", "c++-12", "x86_64-foo-c++", "clang++",
                                 "clang++-14", "arm-none-eabi-g++-7.3.1", "myg++"}),
                     name) {
    const auto compiler = compiler_name(name);
    BOOST_REQUIRE(compiler.has_value());
    BOOST_TEST((compiler->language == Language::cxx));
}

BOOST_DATA_TEST_CASE(leaves_other_programs_alone,
                     data::make({"nvcc",
                                 "icc",
                                 "icpc",
                                 "tcc",
                                 "rustc",
                                 "ccache",
                                 "cpp",
                                 "as",
                                 "ld",
                                 "gcc-ar",
                                 "x86_64-linux-gnu-gcc-nm-12",
                                 "clang-format",
                                 "clang-tidy-14",
                                 "clangd",
                                 "clang-cl",
                                 "c++filt",
                                 "cc1",
                                 "",
                                 "afl-gcc",
                                 "make",
                                 "cc-",
                                 "mycc"}),
                     name) {
    BOOST_TEST(!compiler_name(name).has_value());
}

BOOST_AUTO_TEST_CASE(tells_clang_from_gcc_where_the_name_does) {
    BOOST_TEST((compiler_name("clang-14")->kind == CompilerKind::clang));
    BOOST_TEST((compiler_name("g++")->kind == CompilerKind::gcc));
    BOOST_TEST(compiler_name("g++")->kind_is_certain);
    BOOST_TEST(!compiler_name("x86_64-foo-c++")->kind_is_certain);
}

BOOST_AUTO_TEST_CASE(names_the_remote_compiler_as_upstream_does) {
    BOOST_TEST(remote_compiler_name(CompilerKind::clang, Language::cxx) == "clang");
    BOOST_TEST(remote_compiler_name(CompilerKind::gcc, Language::cxx) == "g++");
    BOOST_TEST(remote_compiler_name(CompilerKind::gcc, Language::objective_cxx) == "gcc");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace ice::args
