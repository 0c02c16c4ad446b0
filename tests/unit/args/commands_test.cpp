#include "args/commands.h"

#include "fake_files.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>

namespace ice::args {

namespace {

using Words = std::vector<std::string>;

const Plan remote_cpp{.remote_preprocessing = true,
                      .colour_option = {},
                      .clang_target = "x86_64-pc-linux-gnu",
                      .native_words = {"-march=x", "--param", "l1=1"}};
const Plan local_cpp{.remote_preprocessing = false,
                     .colour_option = {},
                     .clang_target = "x86_64-pc-linux-gnu",
                     .native_words = {}};

Words cpp(const std::string& line, const Plan& plan = remote_cpp) {
    return preprocessor_command(analyse_line(line), plan, "CC");
}

Words flags(const std::string& line, const Plan& plan = remote_cpp) {
    return remote_arguments(analyse_line(line), plan).flags;
}

} // namespace

BOOST_AUTO_TEST_SUITE(commands)

BOOST_AUTO_TEST_CASE(preprocess_with_what_a_helper_need_not_know) {
    BOOST_TEST(cpp("gcc -O2 -DX -I inc -Wa,-g -c a.c -o a.o") ==
               (Words{"CC", "-O2", "-DX", "-I", "inc", "a.c", "-E", "-fdirectives-only"}));
    BOOST_TEST(flags("gcc -O2 -DX -I inc -Wa,-g -c a.c -o a.o") ==
               (Words{"-O2", "-DX", "-Wa,-g", "-c", "-fdirectives-only"}));
}

BOOST_AUTO_TEST_CASE(keep_macros_local_without_remote_preprocessing) {
    BOOST_TEST(cpp("gcc -DX -c a.c", local_cpp) == (Words{"CC", "-DX", "a.c", "-E"}));
    BOOST_TEST(flags("gcc -DX -c a.c", local_cpp) == (Words{"-c"}));
}

BOOST_AUTO_TEST_CASE(expand_macros_locally_where_gcc_would_drop_the_pragmas) {
    for (const char* option : {"-fopenmp", "-fopenmp-simd", "-fopenacc"})
        BOOST_TEST(cpp(std::string("gcc -c a.c ") + option) == (Words{"CC", "a.c", option, "-E"}));
    BOOST_TEST(cpp("clang -c a.c -fopenmp") ==
               (Words{"CC", "a.c", "-fopenmp", "-E", "-frewrite-includes"}));
}

BOOST_AUTO_TEST_CASE(expand_macros_locally_for_pedantic_gcc_but_not_for_clang) {
    BOOST_TEST(cpp("gcc -pedantic -c a.c") == (Words{"CC", "-pedantic", "a.c", "-E"}));
    BOOST_TEST(cpp("clang -pedantic -c a.c") ==
               (Words{"CC", "-pedantic", "a.c", "-E", "-frewrite-includes"}));
    BOOST_TEST(cpp("clang -Wunused-macros -c a.c") ==
               (Words{"CC", "-Wunused-macros", "a.c", "-E"}));
}

BOOST_AUTO_TEST_CASE(keep_clang_from_expanding_macros_twice) {
    BOOST_TEST(flags("clang -c a.c", local_cpp) ==
               (Words{"-c", "-undef", "-target", "x86_64-pc-linux-gnu"}));
    BOOST_TEST(flags("clang -c a.c") == (Words{"-c", "-target", "x86_64-pc-linux-gnu"}));
    BOOST_TEST(flags("clang --target=arm -c a.c") == (Words{"--target=arm", "-c"}));
}

BOOST_AUTO_TEST_CASE(let_the_preprocessor_judge_options_of_modules) {
    BOOST_TEST(cpp("clang -fmodules-prune-after=x -fcxx-modules -c a.c") ==
               (Words{"CC", "-fmodules-prune-after=x", "-fcxx-modules", "a.c", "-E",
                      "-frewrite-includes"}));
    // Used, but only by the compile that there is not.
    BOOST_TEST(cpp("clang -fcxx-modules -fmodules-user-build-path x -fmodules -c a.c") ==
               (Words{"CC", "a.c", "-E", "-frewrite-includes"}));
    BOOST_TEST(flags("gcc -fmodules -fno-implicit-modules -c a.c") ==
               (Words{"-fmodules", "-fno-implicit-modules", "-c", "-fdirectives-only"}));
}

BOOST_AUTO_TEST_CASE(let_a_helper_refuse_what_is_for_preprocessing_alone) {
    for (const std::string option : {"-traditional", "--traditional"})
        BOOST_TEST(flags("gcc -c a.c " + option) == (Words{option, "-c"}));
    BOOST_TEST(flags("gcc -traditional-cpp -c a.c") == Words{"-c"});
    BOOST_TEST(flags("clang --target=arm -traditional-cpp -c a.c") ==
               (Words{"--target=arm", "-traditional-cpp", "-c", "-undef"}));
}

BOOST_AUTO_TEST_CASE(keep_options_that_change_what_is_printed_from_the_preprocessor) {
    BOOST_TEST(cpp("gcc -P -g -fno-working-directory -c a.c", local_cpp) ==
               (Words{"CC", "-g", "a.c", "-E"}));
    BOOST_TEST(cpp("clang -frewrite-includes -c a.c", local_cpp) == (Words{"CC", "a.c", "-E"}));
}

BOOST_AUTO_TEST_CASE(let_the_users_compilation_directory_win) {
    BOOST_TEST(flags("clang --target=arm -ffile-compilation-dir=. -c a.c") ==
               (Words{"--target=arm", "-ffile-compilation-dir=.", "-c", "-Xclang",
                      "-fdebug-compilation-dir", "-Xclang", "."}));
}

BOOST_AUTO_TEST_CASE(do_not_add_what_preprocessed_input_does_not_need) {
    BOOST_TEST(flags("gcc -c s.i -o s.o") == (Words{"-c"}));
    BOOST_TEST(flags("gcc -fdirectives-only -c a.c") == (Words{"-fdirectives-only", "-c"}));
}

BOOST_AUTO_TEST_CASE(never_send_a_language_option) {
    // Helpers put their own -x first; one after it would win.
    BOOST_TEST(flags("gcc -xc++ -c a.c", local_cpp) == (Words{"-c"}));
    BOOST_TEST(cpp("gcc -x c++ -c a.c", local_cpp) == (Words{"CC", "-x", "c++", "a.c", "-E"}));
}

BOOST_AUTO_TEST_CASE(write_the_rule_a_whole_compile_would_write) {
    BOOST_TEST(cpp("gcc -MMD -c a.c -o sub/a.o", local_cpp) ==
               (Words{"CC", "-MMD", "a.c", "-MF", "sub/a.d", "-MQ", "sub/a.o", "-E"}));
    BOOST_TEST(cpp("gcc -MMD -c a.c", local_cpp) ==
               (Words{"CC", "-MMD", "a.c", "-MF", "a.d", "-E"}));
    BOOST_TEST(cpp("gcc -MMD -MFx -MT y -c a.c -o dir.d/out", local_cpp) ==
               (Words{"CC", "-MMD", "-MFx", "-MT", "y", "a.c", "-E"}));
    BOOST_TEST(cpp("gcc -MD -c a.c -o dir.d/out", local_cpp) ==
               (Words{"CC", "-MD", "a.c", "-MF", "dir.d/out.d", "-MQ", "dir.d/out", "-E"}));
}

BOOST_AUTO_TEST_CASE(leave_rules_asked_for_by_the_preprocessors_own_option_alone) {
    BOOST_TEST(cpp("gcc -Wp,-MMD,x.d -c a.c -o sub/a.o", local_cpp) ==
               (Words{"CC", "-Wp,-MMD,x.d", "a.c", "-E"}));
    BOOST_TEST(cpp("clang -Wp,-MMD,x.d -c a.c -o sub/a.o", local_cpp) ==
               (Words{"CC", "-Wp,-MMD,x.d", "a.c", "-MQ", "sub/a.o", "-E"}));
    // clang forgets all but the first part here (measured with 14), so the file is its default.
    BOOST_TEST(
        cpp("clang -Wp,-MD,y.d,-MT,foo -c a.c -o sub/a.o", local_cpp) ==
        (Words{"CC", "-Wp,-MD,y.d,-MT,foo", "a.c", "-MF", "sub/a.d", "-MQ", "sub/a.o", "-E"}));
    BOOST_TEST(cpp("gcc -Xpreprocessor -MD -Xpreprocessor x.d -c a.c -o a.o", local_cpp) ==
               (Words{"CC", "-Xpreprocessor", "-MD", "-Xpreprocessor", "x.d", "a.c", "-E"}));
}

BOOST_AUTO_TEST_CASE(put_what_is_native_before_other_machine_options) {
    const Words words{"-march=x", "--param", "l1=1", "-mno-avx2", "-c", "-fdirectives-only"};
    BOOST_TEST(flags("gcc -mno-avx2 -march=native -c a.c") == words);
    BOOST_TEST(flags("gcc -march=native -mno-avx2 -c a.c") == words);
    BOOST_TEST(cpp("gcc -mno-avx2 -march=native -c a.c") ==
               (Words{"CC", "-march=x", "--param", "l1=1", "-mno-avx2", "a.c", "-E",
                      "-fdirectives-only"}));
}

BOOST_AUTO_TEST_CASE(replace_native_options_once) {
    const Words words{"-march=x", "--param", "l1=1", "-O2", "-c", "-fdirectives-only"};
    BOOST_TEST(flags("gcc -march=native -mtune=native -O2 -c a.c") == words);
}

BOOST_AUTO_TEST_CASE(split_the_words_for_old_helpers) {
    const auto arguments = remote_arguments(
        analyse_line("gcc -Wa,-g -O2 --param ggc-min-expand=1 -c a.c"), remote_cpp);
    BOOST_TEST(arguments.remote_flags ==
               (Words{"-Wa,-g", "--param", "ggc-min-expand=1", "-c", "-fdirectives-only"}));
    BOOST_TEST(arguments.rest_flags == (Words{"-O2"}));
}

BOOST_AUTO_TEST_CASE(add_the_colour_option_to_both_halves) {
    Plan plan = local_cpp;
    plan.colour_option = colour_option(CompilerKind::gcc);
    BOOST_TEST(cpp("gcc -c a.c", plan) == (Words{"CC", "a.c", "-fdiagnostics-color", "-E"}));
    BOOST_TEST(flags("gcc -c a.c", plan) == (Words{"-c", "-fdiagnostics-color"}));
}

BOOST_AUTO_TEST_CASE(never_show_precompiled_headers_to_helpers) {
    BOOST_TEST(cpp("gcc -include gone.h -c a.c", local_cpp) == (Words{"CC", "a.c", "-E"}));
    const std::string cmake = "clang -Xclang -include-pch -Xclang inc.h.pch -Xclang -include "
                              "-Xclang inc.h -Winvalid-pch --target=arm -c a.c";
    BOOST_TEST(flags(cmake) == (Words{"-Winvalid-pch", "--target=arm", "-c"}));
}

BOOST_AUTO_TEST_CASE(ship_files_by_their_absolute_paths) {
    const Analysis analysis = analyse_line("gcc -fplugin=./plugin.so -Wa,macros.s,-g -c a.c");
    BOOST_TEST(analysis.extra_files == (Words{"/t/plugin.so", "/t/macros.s"}));
    BOOST_TEST(remote_arguments(analysis, local_cpp).flags ==
               (Words{"-fplugin=/t/plugin.so", "-Wa,/t/macros.s,-g", "-c"}));
    BOOST_TEST(flags("clang --target=x -Xclang -load -Xclang plugin.so -c a.c") ==
               (Words{"--target=x", "-Xclang", "-load", "-Xclang", "/t/plugin.so", "-c"}));
}

BOOST_AUTO_TEST_CASE(run_locally_as_the_user_wrote_them) {
    BOOST_TEST(local_command("/usr/bin/gcc", {"@args.rsp", "-fdirectives-only"}) ==
               (Words{"/usr/bin/gcc", "@args.rsp", "-fdirectives-only"}));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace ice::args
