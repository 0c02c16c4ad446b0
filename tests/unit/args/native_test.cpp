#include "args/native.h"

#include <boost/test/unit_test.hpp>

namespace ice::args {

namespace {

using Words = std::vector<std::string>;

// Shortened from gcc 12 and clang 14 on x86_64.
constexpr auto gcc_plain =
    "Using built-in specs.\nCOLLECT_GCC=gcc\n"
    " /usr/lib/gcc/x86_64-linux-gnu/12/cc1 -E -quiet -imultiarch x86_64-linux-gnu -"
    " \"-mtune=generic\" \"-march=x86-64\" -fasynchronous-unwind-tables -dumpbase -\n"
    "COMPILER_PATH=/usr/lib\n";
constexpr auto gcc_native =
    " /usr/lib/gcc/x86_64-linux-gnu/12/cc1 -E -quiet -imultiarch x86_64-linux-gnu -"
    " \"-march=rocketlake\" -mmmx -mno-sse4a --param \"l1-cache-size=48\""
    " \"-mtune=rocketlake\" -fasynchronous-unwind-tables -dumpbase -\n";
constexpr auto clang_plain =
    " (in-process)\n \"/usr/bin/clang\" \"-cc1\" \"-E\" \"-target-cpu\" \"x86-64\" \"-tune-cpu\""
    " \"generic\" \"-x\" \"c\" \"-\"\n";
constexpr auto clang_native =
    " \"/usr/bin/clang\" \"-cc1\" \"-E\" \"-target-cpu\" \"rocketlake\" \"-target-feature\""
    " \"-avx512pf\" \"-x\" \"c\" \"-\"\n";

} // namespace

BOOST_AUTO_TEST_SUITE(native_flags)

BOOST_AUTO_TEST_CASE(asks_the_driver_without_running_anything) {
    BOOST_TEST(native_probe_command("/usr/bin/gcc", {"-march=native"}) ==
               (Words{"/usr/bin/gcc", "-march=native", "-###", "-E", "-"}));
}

BOOST_AUTO_TEST_CASE(are_what_differs_for_gcc) {
    const auto words = native_words(CompilerKind::gcc, gcc_plain, gcc_native);
    BOOST_REQUIRE(words.has_value());
    BOOST_TEST(*words == (Words{"-march=rocketlake", "-mmmx", "-mno-sse4a", "--param",
                                "l1-cache-size=48", "-mtune=rocketlake"}));
}

BOOST_AUTO_TEST_CASE(begin_with_the_option_of_a_differing_value_for_clang) {
    const auto words = native_words(CompilerKind::clang, clang_plain, clang_native);
    BOOST_REQUIRE(words.has_value());
    BOOST_TEST(*words == (Words{"-Xclang", "-target-cpu", "-Xclang", "rocketlake", "-Xclang",
                                "-target-feature", "-Xclang", "-avx512pf", "-Xclang", "-tune-cpu",
                                "-Xclang", "rocketlake"}));
}

BOOST_AUTO_TEST_CASE(leave_the_tuning_alone_that_clang_was_told) {
    constexpr auto tuned = " \"/usr/bin/clang\" \"-cc1\" \"-E\" \"-target-cpu\" \"x86-64\""
                           " \"-tune-cpu\" \"rocketlake\" \"-x\" \"c\" \"-\"\n";
    const auto words = native_words(CompilerKind::clang, clang_plain, tuned);
    BOOST_REQUIRE(words.has_value());
    BOOST_TEST(*words == (Words{"-Xclang", "-tune-cpu", "-Xclang", "rocketlake"}));
}

BOOST_AUTO_TEST_CASE(are_none_if_nothing_differs) {
    const auto words = native_words(CompilerKind::gcc, gcc_plain, gcc_plain);
    BOOST_REQUIRE(words.has_value());
    BOOST_TEST(words->empty());
}

BOOST_AUTO_TEST_CASE(fail_on_output_that_is_no_command_line) {
    BOOST_TEST(!native_words(CompilerKind::gcc, gcc_plain, "gcc: error: no such option\n"));
    BOOST_TEST(!native_words(CompilerKind::gcc, "", gcc_native));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace ice::args
