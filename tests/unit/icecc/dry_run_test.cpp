// Two drivers that would do the same agree, whatever their names; one more option is seen.
#include "icecc/dry_run.h"

#include "base/str.h"

#include <boost/test/unit_test.hpp>

namespace ice::icecc {

namespace {

using args::CompilerKind;

struct GccCall {
    std::string driver = "gcc";
    std::string program = "/usr/lib/gcc/x86_64-linux-gnu/12/cc1";
    std::string option = "";
    std::string random = "QyqByN";
    std::string assembler = "as";
};

/// What gcc 12.2.0 of Debian prints for -c a.c -###.
std::string gcc_says(const GccCall& call = {}) {
    const std::string options =
        str("COLLECT_GCC_OPTIONS='-c' ", call.driver == "gcc" ? "" : "'-x' 'c' ",
            "'-mtune=generic' '-march=x86-64'\n");
    return str("Using built-in specs.\nCOLLECT_GCC=", call.driver,
               "\nOFFLOAD_TARGET_NAMES=nvptx-none:amdgcn-amdhsa\nOFFLOAD_TARGET_DEFAULT=1\n"
               "Target: x86_64-linux-gnu\n"
               "Configured with: ../src/configure -v --with-pkgversion='Debian 12.2.0-14+deb12u1' "
               "--with-bugurl=file:///usr/share/doc/gcc-12/README.Bugs --prefix=/usr\n"
               "Thread model: posix\nSupported LTO compression algorithms: zlib zstd\n"
               "gcc version 12.2.0 (Debian 12.2.0-14+deb12u1) \n",
               options, " ", call.program,
               " -quiet -imultiarch x86_64-linux-gnu a.c -quiet -dumpbase a.c -dumpbase-ext .c "
               "\"-mtune=generic\" \"-march=x86-64\" ",
               call.option, "-fasynchronous-unwind-tables -o /tmp/cc", call.random, ".s\n", options,
               " ", call.assembler, " --64 -o a.o /tmp/cc", call.random,
               ".s\nCOMPILER_PATH=/usr/lib/gcc/x86_64-linux-gnu/12/:", call.assembler,
               "\nLIBRARY_PATH=/usr/lib/gcc/x86_64-linux-gnu/12/:/usr/lib/\n", options);
}

struct ClangCall {
    std::string name = "clang++";
    std::string folder = "/usr/bin";
    std::string headers = "/usr/bin/../lib/gcc";
    std::string feature = "";
    std::string random = "d14673";
};

/// What clang 14.0.6 of Debian prints for -c a.cc -no-integrated-as -rdynamic -###.
std::string clang_says(const ClangCall& call = {}) {
    return str(
        "Debian clang version 14.0.6\nTarget: x86_64-pc-linux-gnu\nThread model: posix\n"
        "InstalledDir: ",
        call.folder, "\n", call.name,
        ": warning: argument unused during compilation: '-rdynamic' "
        "[-Wunused-command-line-argument]\n"
        " \"/usr/lib/llvm-14/bin/clang\" \"-cc1\" \"-triple\" \"x86_64-pc-linux-gnu\" \"-S\" "
        "\"-main-file-name\" \"a.cc\" \"-mrelocation-model\" \"pic\" \"-target-cpu\" \"x86-64\" ",
        call.feature,
        "\"-tune-cpu\" \"generic\" \"-resource-dir\" \"/usr/lib/llvm-14/lib/clang/14.0.6\" "
        "\"-internal-isystem\" \"",
        call.headers,
        "/x86_64-linux-gnu/12/../../../../include/c++/12\" \"-internal-externc-isystem\" "
        "\"/usr/include\" \"-fdebug-compilation-dir=/tmp/x y\" \"-o\" \"/tmp/a-",
        call.random,
        ".s\" \"-x\" \"c++\" \"a.cc\"\n \"/usr/bin/as\" \"--64\" \"-o\" \"a.o\" \"/tmp/a-",
        call.random, ".s\"\n");
}

DryRun gcc(const GccCall& call = {}) {
    return parse_dry_run(gcc_says(call), CompilerKind::gcc).value();
}

DryRun clang(const ClangCall& call = {}) {
    return parse_dry_run(clang_says(call), CompilerKind::clang).value();
}

} // namespace

BOOST_AUTO_TEST_SUITE(dry_run)

BOOST_AUTO_TEST_CASE(gcc_is_named_as_it_was_called) {
    BOOST_TEST(gcc().driver == "gcc");
    BOOST_TEST(gcc({.driver = "/opt/my gcc"}).driver == "/opt/my gcc");
}

BOOST_AUTO_TEST_CASE(clang_is_named_by_what_it_starts) {
    BOOST_TEST(clang().driver == "/usr/lib/llvm-14/bin/clang");
}

BOOST_AUTO_TEST_CASE(the_same_gcc_agrees_under_any_name) {
    const DryRun other = gcc({.driver = "/usr/bin/gcc", .random = "BA99RB"});
    BOOST_CHECK(gcc().lines == other.lines);
}

BOOST_AUTO_TEST_CASE(the_same_clang_agrees_under_any_name) {
    const DryRun other = clang({.name = "clang",
                                .folder = "/usr/lib/llvm-14/bin",
                                .headers = "/usr/lib/gcc",
                                .random = "00ff12"});
    BOOST_CHECK(clang().lines == other.lines);
}

BOOST_AUTO_TEST_CASE(another_assembler_comes_with_the_environment) {
    BOOST_CHECK(gcc().lines == gcc({.assembler = "/tmp/tools/as"}).lines);
    BOOST_CHECK(gcc().lines != gcc({.assembler = "/tmp/tools/yasm"}).lines);
}

BOOST_AUTO_TEST_CASE(sees_an_option_more) {
    for (const char* option : {"-O3 ", "-fPIC ", "\"-DX=1\" ", "\"\" "})
        BOOST_CHECK(gcc().lines != gcc({.option = option}).lines);
    BOOST_CHECK(clang().lines != clang({.feature = R"("-target-feature" "+avx2" )"}).lines);
}

BOOST_AUTO_TEST_CASE(sees_another_compiler) {
    BOOST_CHECK(gcc().lines != gcc({.program = "/usr/lib/gcc/x86_64-linux-gnu/11/cc1"}).lines);
    BOOST_CHECK(gcc().lines != gcc({.program = "/usr/lib/gcc/x86_64-linux-gnu/12/cc1plus"}).lines);
}

BOOST_AUTO_TEST_CASE(sees_another_name_that_is_not_temporary) {
    BOOST_CHECK(gcc().lines != gcc({.option = "/tmp/ccAbCdEf.c "}).lines);
    const auto lines = [](const char* word) { return gcc({.option = word}).lines; };
    BOOST_CHECK(lines("/a/ccAAAAAA.s ") == lines("/a/ccBBBBBB.s "));
    BOOST_CHECK(lines("/a/ccAAAAAA.o ") != lines("/a/ccBBBBBB.o "));
    BOOST_CHECK(lines("/a/dcAAAAAA.s ") != lines("/a/dcBBBBBB.s "));
    BOOST_CHECK(lines("/a/ccAA-AAA.s ") != lines("/a/ccBB-BBB.s "));
    BOOST_CHECK(lines("ccAAAAAA.s ") != lines("ccBBBBBB.s "));
}

BOOST_AUTO_TEST_CASE(blanks_between_quotes_part_no_words) {
    BOOST_CHECK(gcc({.option = R"("-DA=1 -O3" )"}).lines !=
                gcc({.option = "\"-DA=1\" -O3 "}).lines);
    BOOST_CHECK(gcc({.option = R"("-DA=\"1" )"}).lines != gcc({.option = R"("-DA=1" )"}).lines);
}

BOOST_AUTO_TEST_CASE(a_command_more_is_seen) {
    const auto twice = parse_dry_run(gcc_says() + " as --64 -o b.o b.s\n", CompilerKind::gcc);
    BOOST_REQUIRE(twice);
    BOOST_CHECK(gcc().lines != twice->lines);
}

BOOST_AUTO_TEST_CASE(takes_nothing_else_for_a_dry_run) {
    for (const std::string text :
         {"", "\n\n", "gcc: fatal error: no input files\n", "COLLECT_GCC=gcc\n", " cc1 a.c\n"}) {
        BOOST_CHECK(!parse_dry_run(text, CompilerKind::gcc));
        BOOST_CHECK(!parse_dry_run(text, CompilerKind::clang));
    }
    BOOST_CHECK(!parse_dry_run(gcc_says(), CompilerKind::clang));
    BOOST_CHECK(!parse_dry_run(clang_says(), CompilerKind::gcc));
}

BOOST_AUTO_TEST_CASE(a_word_over_two_lines_is_not_understood) {
    BOOST_CHECK(!parse_dry_run(gcc_says({.option = "\"-DA=1\n2\" -O3 "}), CompilerKind::gcc));
    BOOST_CHECK(!parse_dry_run(gcc_says({.option = "\"-DA=1"}), CompilerKind::gcc));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace ice::icecc
