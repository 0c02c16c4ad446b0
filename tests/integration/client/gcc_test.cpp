// With the real gcc: what a remote compile leaves is what gcc alone would have left.
#include "fake_cluster.h"
#include "workplace.h"

#include <boost/test/unit_test.hpp>

#include <filesystem>

namespace ice::icecc::test {

namespace {

constexpr const char* gcc = "/usr/bin/gcc";

/// Runs gcc in one directory and the client in another, and compares all that is left.
struct Comparison : Workplace {
    FakeCluster cluster{{.helper = Helper::compiles}, directory()};

    Comparison() {
        for (const char* name : {"sub", "inc"})
            std::filesystem::create_directory(file(name));
        write("inc/a.h", "#define ANSWER 42\n");
        write("unit.c", "#include \"a.h\"\nint answer(void) { return ANSWER; }\n");
    }

    void compare(std::vector<std::string> words, const std::vector<std::string>& outputs) {
        if (!std::filesystem::exists(gcc))
            return;
        words.insert(words.begin(), {gcc, "-Iinc"});
        const Finished alone = run(words);
        std::vector<std::string> expected;
        for (const std::string& name : outputs) {
            expected.push_back(read(name));
            std::filesystem::remove(file(name));
        }
        words.insert(words.begin(), icecc());
        const Finished finished = run(words);
        BOOST_TEST(finished.code == alone.code);
        BOOST_TEST(finished.out == alone.out);
        BOOST_TEST(finished.err == alone.err);
        for (std::size_t i = 0; i < outputs.size(); ++i)
            BOOST_TEST(read(outputs[i]) == expected[i], outputs[i] << " differs");
    }
    [[nodiscard]] bool went_remote() { return cluster.saw("source received"); }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(with_gcc, Comparison)

BOOST_AUTO_TEST_CASE(gives_the_same_object) {
    compare({"-O2", "-c", "unit.c"}, {"unit.o"});
    BOOST_TEST(went_remote());
}

BOOST_AUTO_TEST_CASE(gives_the_same_assembly) {
    compare({"-O2", "-S", "unit.c", "-o", "sub/unit.s"}, {"sub/unit.s"});
    BOOST_TEST(went_remote());
}

BOOST_AUTO_TEST_CASE(writes_the_same_dependencies) {
    compare({"-MMD", "-c", "unit.c", "-o", "sub/unit.o"}, {"sub/unit.o", "sub/unit.d"});
    compare({"-MD", "-MF", "deps", "-c", "unit.c"}, {"unit.o", "deps"});
    compare({"-MMD", "-MT", "goal", "-MF", "deps", "-c", "unit.c"}, {"unit.o", "deps"});
    compare({"-Wp,-MMD,deps", "-c", "unit.c"}, {"unit.o", "deps"});
    BOOST_TEST(went_remote());
}

BOOST_AUTO_TEST_CASE(makes_no_object_of_a_file_left_to_the_linker) {
    write("plain", "int x;\n");
    compare({"-c", "plain", "-o", "plain.o"}, {"plain.o"});
}

BOOST_AUTO_TEST_CASE(shows_the_same_warnings_and_errors) {
    write("warned.c", "static int unused(void) { return 1; }\n");
    write("wrong.c", "int f(void) { return x; }\n");
    write("lost.c", "#include <not/there.h>\n");
    write("told.c", "#warning look\nint x;\n");
    compare({"-Wall", "-c", "warned.c"}, {"warned.o"});
    compare({"-c", "wrong.c"}, {"wrong.o"});
    compare({"-MMD", "-c", "wrong.c"}, {"wrong.o", "wrong.d"});
    compare({"-c", "lost.c"}, {"lost.o"});
    compare({"-c", "told.c"}, {"told.o"});
    compare({"-c", "missing.c"}, {"missing.o"});
}

BOOST_AUTO_TEST_CASE(sends_preprocessed_input_as_it_is) {
    write("made.i", "# 0 \"made.c\"\nint made(void) { return 1; }\n");
    compare({"-c", "made.i"}, {"made.o"});
    BOOST_TEST(went_remote());
}

BOOST_AUTO_TEST_CASE(names_the_source_of_preprocessed_input_that_does_not) {
    write("plain.i", "int plain(void) { return 1; }\n");
    compare({"-c", "plain.i"}, {"plain.o"});
    BOOST_TEST(went_remote());
}

BOOST_AUTO_TEST_CASE(keeps_preprocessed_input_whose_name_it_cannot_read) {
    write("quoted.i", "# 1 \"a\\\\b.c\"\nint quoted(void) { return 1; }\n");
    compare({"-c", "quoted.i"}, {"quoted.o"});
    BOOST_TEST(!went_remote());
}

BOOST_AUTO_TEST_CASE(expands_here_what_directives_only_would_damage) {
    write("renamed.c", "#include \"a.h\"\n#pragma redefine_extname answer reply\n"
                       "int answer(void) { return ANSWER; }\n");
    compare({"-c", "renamed.c"}, {"renamed.o"});
    BOOST_TEST(went_remote());
}

BOOST_AUTO_TEST_CASE(compiles_stdin_here) {
    compare({"-c", "-x", "c", "-", "-o", "stdin.o"}, {"stdin.o"});
    BOOST_TEST(!went_remote());
}

BOOST_AUTO_TEST_CASE(replaces_native_options_by_what_they_mean) {
    compare({"-march=native", "-O2", "-c", "unit.c"}, {"unit.o"});
    BOOST_TEST(went_remote());
    for (const std::string& flag : cluster.job().flags)
        BOOST_TEST(flag != "-march=native");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace ice::icecc::test
