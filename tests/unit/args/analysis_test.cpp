#include "args/analysis.h"

#include "fake_files.h"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

namespace ice::args {

namespace data = boost::unit_test::data;

namespace {

std::string reason(const std::string& line) { return analyse_line(line).reason; }

} // namespace

BOOST_AUTO_TEST_SUITE(analysis)

// What another host must not do, beyond the corpus: files that would not come back, files it has
// not got, words of which we cannot know what they mean.
BOOST_DATA_TEST_CASE(refuses,
                     data::make({"gcc -c a.c -save-temps=obj",
                                 "gcc -c a.c -aux-info protos",
                                 "gcc -c a.c -aux-infoprotos",
                                 "gcc -c a.c -dumpbase foo",
                                 "gcc -c a.c -da",
                                 "gcc -c a.c -dM",
                                 "gcc -c a.c -fprofile-use",
                                 "gcc -c a.c -fprofile-use=code.profdata",
                                 "gcc -c a.c -fdiagnostics-format=sarif-file",
                                 "gcc -c a.c -fopt-info-all=all.txt",
                                 "gcc -c a.c -ftime-report=x",
                                 "gcc -c a.c -coverage",
                                 "gcc -c a.c -specs=my.specs",
                                 "gcc -c a.c -no-integrated-cpp",
                                 "gcc -c a.c -march=native+crypto",
                                 "gcc -c a.c -fsome-new-option=inc.h",
                                 "gcc -c a.c -fsome-new-option=not/there",
                                 "gcc -c a.c -Wa,-al=x,-g",
                                 "gcc -c a.c -Wa,-MD,x.d,-g",
                                 "gcc -finput-charset -c a.c",
                                 "gcc -frecord-gcc-switches -c a.c",
                                 "clang -frecord-command-line -c a.c",
                                 "clang -g -grecord-gcc-switches -c a.c",
                                 "gcc -g -gsplit-dwarf -c a.c -o .o",
                                 "gcc -g -gsplit-dwarf -c a.c -o inc/.o",
                                 "gcc -g -S a.c",
                                 "gcc -fverbose-asm -S a.c",
                                 "clang -gembed-source -gdwarf-5 -c a.c",
                                 "gcc -S a.c -O2 -gdwarf-4",
                                 "gcc -ggdb3 --assemble a.c",
                                 "clang --driver-mode=cl -c a.c",
                                 "gcc -c a.c -Xassembler -al=x",
                                 "gcc -c a.c -Wp,-M",
                                 "gcc -c a.c -Wp,-P",
                                 "gcc -c a.c -Xpreprocessor -dM",
                                 "gcc -c a.c -xc++-header",
                                 "gcc -xc++-header -c a.c",
                                 "gcc -c a.c -o outdir",
                                 "gcc -c a.c -o /dev/null",
                                 "gcc -c a.c -o nowhere.o",
                                 "gcc -S a.c -o twin.s",
                                 "gcc -c a.c -o ./a.c",
                                 "gcc -c a.c -fpreprocessed",
                                 "clang -c a.c -fembed-bitcode-marker",
                                 "gcc -x c -c /dev/null -o a.o",
                                 "gcc -x c -c sub -o a.o",
                                 "clang -c a.c @/dev/null",
                                 "gcc -c -o a.o",
                                 "gcc -c ''",
                                 "gcc -finput-charset=latin1 -c s.i",
                                 "gcc --version -c a.c",
                                 "gcc --dependencies -c a.c",
                                 "gcc --coverage=x -c a.c",
                                 "gcc -c a.c -I",
                                 "gcc -c a.c --param",
                                 "gcc -c a.c -D",
                                 "gcc -c a.c -o",
                                 "clang -c a.c -Xclang",
                                 "clang -c a.c -Xclang -load",
                                 "clang -c a.c -Xclang -load -Xclang",
                                 "clang -c a.c -Xclang -load plugin.so",
                                 "clang -c a.c -Xclang -emit-pch",
                                 "clang -c a.c -Xclang -ast-dump",
                                 "clang -c a.c -Xclang -target-cpu -Xclang native",
                                 "gcc -march=skylake -march=native -c a.c",
                                 "gcc -mtune=native -mtune=generic -mtune=native -c a.c",
                                 "clang -march=native -mno-avx2 -c a.c",
                                 "clang -mtune=generic -march=native -c a.c",
                                 "clang -c a.c -MJfoo.json",
                                 "clang -MD -c s.i -o s.o",
                                 "clang -c a.c -arch x86_64 -arch arm64",
                                 "clang -c a.c --serialize-diagnostics a.dia",
                                 "clang -c a.c -foptimization-record-file=x",
                                 "clang -c a.c -ftime-trace=x",
                                 "clang -c a.c -mllvm -info-output-file=x/y",
                                 "clang -c a.c -fsanitize=cfi-vcall",
                                 "clang -c a.c -fmodule-file=m.pcm",
                                 "clang -c a.c -working-directory=/x",
                                 "clang -c a.c -fbasic-block-sections=list=x",
                                 "clang -c a.c -index-store-path idx",
                                 "clang -c a.c -fcoverage-mapping",
                                 "clang -cc1 -S a.c -o a.s",
                                 "clang -c a.c -foptimization-record-passes=inline",
                                 "gcc -c a.c -fself-test=x",
                                 "gcc -c a.c -fversion",
                                 "clang -c a.c -Xarch_host -save-temps",
                                 "clang -c a.c -Xarch_host -Iinc"}),
                     line) {
    BOOST_TEST(reason(line) != "", line);
}

BOOST_DATA_TEST_CASE(accepts,
                     data::make({"gcc -c a.c -MD -MFx.d -MTx -MQy",
                                 "gcc -c a.c -Wp,-MF,x.d -MD",
                                 "gcc -c a.c -Wp,-MT,x -MD",
                                 "gcc -c a.c -Xlinker foo -T s.ld -z now -u sym -e main",
                                 "gcc -c ./plain -o p.o",
                                 "gcc -x c -c inc.h -o h.o",
                                 "gcc -xc++ -c inc.h -o h.o",
                                 "gcc -c a.c -fprofile-dir=/x/y -frandom-seed=obj/a.o",
                                 "gcc -c a.c -fdiagnostics-format=json",
                                 "gcc -c a.c -fopt-info-vec -fopt-info=stderr",
                                 "gcc -c a.c -P",
                                 "gcc -c a.c -o twin.s",
                                 "gcc -c a.c -s",
                                 "gcc -c a.c -finput-charset=latin1",
                                 "gcc -c a.c -fdebug-prefix-map=/a=/b -DDIR=/x/y",
                                 "gcc -c a.c -Wa,--defsym,X=1,-g",
                                 "gcc -c a.c -Xassembler --defsym -Xassembler X=1",
                                 "clang -c a.c -fdebug-compilation-dir .",
                                 "clang -c a.c -fcrash-diagnostics-dir=/tmp/x",
                                 "clang -c a.c -Xclang -plugin-arg-foo -Xclang bar",
                                 "clang -c a.c -resource-dir /usr/lib/clang/14",
                                 "clang -c a.c -gsplit-dwarf=split",
                                 "clang -c a.c -Xarch_host -O2 -Xanalyzer -x",
                                 "clang --driver-mode=g++ -c a.c",
                                 "clang -g -S a.c",
                                 "clang -fverbose-asm -S a.c",
                                 "gcc -fverbose-asm -c a.c",
                                 "gcc -g -g0 -gz -S a.c",
                                 "gcc -g -c a.c",
                                 "gcc -c a.c -Wa,-I,inc --for-assembler --noexecstack",
                                 "gcc -xnone -c a.c --print-missing-file-dependencies -MD",
                                 "gcc @nested.rsp"}),
                     line) {
    BOOST_TEST(reason(line) == "", line);
}

BOOST_AUTO_TEST_CASE(takes_the_language_from_the_drivers_mode) {
    BOOST_TEST((analyse_line("clang --driver-mode=g++ -c a.c").language == Language::cxx));
    BOOST_TEST((analyse_line("clang++ --driver-mode=gcc -c a.c").language == Language::c));
}

BOOST_AUTO_TEST_CASE(speaks_upstreams_words) {
    BOOST_TEST(reason("gcc -E a.c") == "preprocessing, building locally");
    BOOST_TEST(reason("gcc a.c") == "neither -c nor -S argument, building locally");
    BOOST_TEST(reason("gcc -fsyntax-only -c a.c") == "argument -fsyntax-only, building locally");
    BOOST_TEST(reason("gcc -save-temps=obj -c a.c") ==
               "compiler will emit additional local files (argument -save-temps=obj); "
               "building locally");
    BOOST_TEST(reason("gcc -fplugin=no.so -c a.c") ==
               "file for argument -fplugin=no.so missing, building locally");
    BOOST_TEST(reason("gcc -c conftest.c") == "configure tests are run locally: conftest.c");
}

BOOST_AUTO_TEST_CASE(takes_the_language_from_what_precedes_the_input) {
    BOOST_TEST((analyse_line("gcc -x c++ -c a.c").language == Language::cxx));
    BOOST_TEST((analyse_line("gcc -c a.c -x c++").language == Language::c));
    BOOST_TEST((analyse_line("gcc -x c -c x.cpp").language == Language::c));
    BOOST_TEST(!analyse_line("gcc -x c -c s.i").input_is_preprocessed);
    BOOST_TEST(analyse_line("gcc -c s.i").input_is_preprocessed);
}

BOOST_AUTO_TEST_CASE(derives_the_output_as_the_compiler_does) {
    BOOST_TEST(analyse_line("gcc -c sub/c.c").output == "c.o");
    BOOST_TEST(analyse_line("gcc -S a.c").output == "a.s");
    BOOST_TEST(analyse_line("clang -c -emit-llvm a.c").output == "a.bc");
    BOOST_TEST(analyse_line("clang -S -emit-llvm a.c").output == "a.ll");
    BOOST_TEST(analyse_line("gcc -c a.c -ofirst.o -o second.o").output == "second.o");
}

BOOST_AUTO_TEST_CASE(expects_a_dwo_only_with_an_object) {
    BOOST_TEST(analyse_line("gcc -gsplit-dwarf -c a.c").writes_dwo);
    BOOST_TEST(!analyse_line("gcc -gsplit-dwarf -S a.c").writes_dwo);
    BOOST_TEST(!analyse_line("gcc -gsplit-dwarf -gno-split-dwarf -c a.c").writes_dwo);
}

BOOST_AUTO_TEST_CASE(finds_links_that_use_all_cores) {
    BOOST_TEST(analyse_line("gcc -flto=auto obj.o -o x").parallel_lto_link == "-flto=auto");
    BOOST_TEST(analyse_line("clang -flto=thin obj.o -o x").parallel_lto_link == "-flto=thin");
    BOOST_TEST(analyse_line("clang -flto obj.o").parallel_lto_link == "-flto");
    BOOST_TEST(analyse_line("gcc -flto obj.o").parallel_lto_link == "");
    BOOST_TEST(analyse_line("gcc -flto=1 obj.o").parallel_lto_link == "");
    BOOST_TEST(analyse_line("gcc -flto=auto -fno-lto obj.o").parallel_lto_link == "");
    BOOST_TEST(analyse_line("gcc -flto=auto -c a.c").parallel_lto_link == "");
}

BOOST_AUTO_TEST_CASE(summarises_debug_and_optimisation_options) {
    BOOST_TEST(analyse_line("gcc -O2 -g -c a.c").arg_flags == 9U);
    BOOST_TEST(analyse_line("gcc -O3 -g3 -c a.c").arg_flags == 18U);
    BOOST_TEST(analyse_line("gcc -O -c a.c").arg_flags == 4U);
    BOOST_TEST(analyse_line("gcc -O2 -O0 -c a.c").arg_flags == 0U);
}

BOOST_AUTO_TEST_CASE(notes_colour_and_carets) {
    BOOST_TEST(analyse_line("gcc -fdiagnostics-color=always -c a.c").colour_chosen);
    BOOST_TEST(!analyse_line("gcc -fdiagnostics-color=auto -c a.c").colour_chosen);
    BOOST_TEST(!analyse_line("gcc -fno-diagnostics-show-caret -c a.c").carets_wanted);
    BOOST_TEST(analyse_line("gcc -c a.c").carets_wanted);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace ice::args
