#include "icecc/recipe.h"

#include "base/str.h"

#include <boost/test/unit_test.hpp>
#include <initializer_list>
#include <set>
#include <utility>

using namespace ice;
using namespace ice::icecc;
using Words = std::vector<std::string>;

namespace {

Fingerprint print_of(std::initializer_list<std::string_view> pieces) {
    Fingerprint print;
    for (const std::string_view piece : pieces)
        print.add(piece);
    return print;
}

UnitCommand command_of(const Words& words, const std::string& input) {
    auto command = take_names_out(words, input);
    BOOST_TEST_REQUIRE(command.has_value());
    return *std::move(command);
}

bool has_recipe(const Words& words) {
    Words all = words;
    all.insert(all.end(), {"unit1.c", "-E"});
    return take_names_out(all, "unit1.c").has_value();
}

std::string key_of(const Words& words, const std::string& input,
                   const std::vector<const char*>& environment = {"PATH=/bin"},
                   const std::string& state = "1 2 3") {
    const auto key = recipe_key(command_of(words, input), "/usr/bin/gcc", state, environment);
    return key ? *key : "none";
}

/// As gcc 12 says it.
std::string dry_run(const std::string& command) {
    return str("Using built-in specs.\nCOLLECT_GCC=/usr/bin/gcc\n"
               "OFFLOAD_TARGET_NAMES=nvptx-none:amdgcn-amdhsa\nTarget: x86_64-linux-gnu\n"
               "gcc version 12.2.0 (Debian 12.2.0-14) \n"
               "COLLECT_GCC_OPTIONS='-E' '-mtune=generic'\n ",
               command, "\nCOMPILER_PATH=/usr/lib/gcc/\nLIBRARY_PATH=/usr/lib/\n");
}

const Words arguments{"-O2", "-MD", "-MF", "out/unit1.d", "-MQ", "unit1.o", "src/unit1.c", "-E"};
const char* const unit1 =
    "/usr/lib/gcc/cc1 -E -quiet -MD unit1.d -MF out/unit1.d -MQ unit1.o src/unit1.c "
    "\"-mtune=generic\" -O2 -dumpbase unit1.c -dumpbase-ext .c";

std::optional<RecipeWords> recipe_of(const std::string& text) {
    return recipe_from(text, "/usr/bin/gcc", command_of(arguments, "src/unit1.c"));
}

} // namespace

BOOST_AUTO_TEST_SUITE(recipe)

BOOST_AUTO_TEST_CASE(serves_another_unit) {
    const auto recipe = recipe_of(dry_run(unit1));
    BOOST_TEST_REQUIRE(recipe.has_value());
    const auto other =
        command_of({"-O2", "-MD", "-MF", "deps/b.d", "-MQ", "b.o", "lib/b.c", "-E"}, "lib/b.c");
    const Words expected{"/usr/lib/gcc/cc1",
                         "-E",
                         "-quiet",
                         "-MD",
                         "b.d",
                         "-MF",
                         "deps/b.d",
                         "-MQ",
                         "b.o",
                         "lib/b.c",
                         "-mtune=generic",
                         "-O2",
                         "-dumpbase",
                         "b.c",
                         "-dumpbase-ext",
                         ".c"};
    const auto made = follow(*recipe, other);
    BOOST_TEST_REQUIRE(made.has_value());
    BOOST_TEST(*made == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(is_not_made_where_the_name_is_in_other_words) {
    BOOST_TEST(!recipe_of(dry_run(str(unit1, " -dumpdir src/unit1-"))).has_value());
    BOOST_TEST(!recipe_of(dry_run(str(unit1, " src/unit1.c"))).has_value()); // twice
    BOOST_TEST(!recipe_of(dry_run("/usr/lib/gcc/cc1 -E -quiet -O2")).has_value());
    // Unless the user wrote the very same word: it is part of the key.
    const auto given = command_of({"-Iunit1/include", "unit1.c", "-E"}, "unit1.c");
    BOOST_TEST(
        recipe_from(dry_run("/usr/lib/gcc/cc1 -E -Iunit1/include unit1.c"), "/usr/bin/gcc", given)
            .has_value());
}

BOOST_AUTO_TEST_CASE(is_not_made_of_anything_but_one_call_of_the_compiler_proper) {
    BOOST_TEST(!recipe_of(dry_run(str(unit1, "\n as -o x.o x.s"))).has_value());
    BOOST_TEST(!recipe_of(dry_run("/usr/bin/clang -cc1 -E src/unit1.c")).has_value());
    BOOST_TEST(!recipe_of(dry_run("cc1 -E src/unit1.c")).has_value());
    BOOST_TEST(!recipe_of(str("gcc: warning: told at each start\n", dry_run(unit1))).has_value());
    BOOST_TEST(!recipe_of(str("Reading specs from /etc/specs\n", dry_run(unit1))).has_value());
    BOOST_TEST(!recipe_of(str(" ", unit1, "\n")).has_value()); // whose driver is that?
    BOOST_TEST(
        !recipe_from(dry_run(unit1), "/opt/wrapper/gcc", command_of(arguments, "src/unit1.c"))
             .has_value());
    BOOST_TEST(!recipe_of(dry_run(str(unit1, " \"-DX=open"))).has_value());
}

BOOST_AUTO_TEST_CASE(short_names_teach_nothing) {
    BOOST_TEST(!can_teach(command_of({"a.c", "-E"}, "a.c")));
    BOOST_TEST(can_teach(command_of({"dir/main.c", "-E"}, "dir/main.c")));
}

BOOST_AUTO_TEST_CASE(knows_which_options_can_have_one) {
    BOOST_TEST(has_recipe({"-O2", "-g", "-Wall", "-std=gnu11", "-DX=1", "-I", "inc", "-fPIC",
                           "-march=armv8-a", "-isystem", "sys", "-include", "config.h", "-x", "c",
                           "-pthread", "-fdiagnostics-color", "-fdirectives-only"}));
    for (const char* const word : {"-B/opt",      "-specs=x",
                                   "--specs=x",   "--sysroot=/s",
                                   "-Wp,-MD,x.d", "-Wa,-al",
                                   "-fplugin=x",  "-v",
                                   "-###",        "-save-temps",
                                   "-C",          "-traditional-cpp",
                                   "-wrapper",    "@file",
                                   "-fopenmp",    "-fprofile-use",
                                   "-flto",       "-MD",
                                   "-M",          "-MFx.d",
                                   "-o",          "-no-integrated-cpp",
                                   "-Xfoo",       "-fdump-tree-all",
                                   "-unknown",    "other.c"})
        BOOST_TEST(!has_recipe({word}), word);
    BOOST_TEST(!has_recipe({"-MD", "-MF", "-"}));
    BOOST_TEST(!has_recipe({"-MD", "-MF", "/dev/null"}));
    BOOST_TEST(!has_recipe({"-D\1input"}));
    BOOST_TEST(!take_names_out(Words{"-O2", "-E"}, "unit1.c").has_value());
    BOOST_TEST(!take_names_out(Words{"unit1.c", "-D"}, "unit1.c").has_value());
    // The driver says -MF first: which of the two is the rule's file?
    const Words twice{"-MMD", "-MT", "x.d", "-MF", "x.d", "-E", "unit1.c"};
    BOOST_TEST(!take_names_out(twice, "unit1.c").has_value());
}

BOOST_AUTO_TEST_CASE(has_a_key_of_all_a_driver_looks_at) {
    const Words plain{"-O2", "unit1.c", "-E"};
    const std::string key = key_of(plain, "unit1.c");
    BOOST_TEST(key == key_of({"-O2", "b.c", "-E"}, "b.c"));
    BOOST_TEST(key == key_of(plain, "unit1.c", {"PATH=/bin", "PWD=/x", "OLDPWD=/", "_=/bin/make"}));
    BOOST_TEST(key != key_of({"-O3", "unit1.c", "-E"}, "unit1.c"));
    BOOST_TEST(key != key_of({"unit1.c", "-O2", "-E"}, "unit1.c"));
    BOOST_TEST(key != key_of({"-O2", "unit1.cpp", "-E"}, "unit1.cpp"));
    BOOST_TEST(key != key_of({"-O2", "sub/unit1.c", "-E"}, "sub/unit1.c"));
    BOOST_TEST(key != key_of(plain, "unit1.c", {"PATH=/usr/bin"}));
    BOOST_TEST(key != key_of(plain, "unit1.c", {"PATH=/bin", "GCC_SPECS=x"}));
    BOOST_TEST(key != key_of(plain, "unit1.c", {"PATH=/bin"}, "1 2 4"));
    for (const char* variable : {"DEPENDENCIES_OUTPUT=x", "COMPILER_PATH=x", "LIBRARY_PATH=x"})
        BOOST_TEST(key_of(plain, "unit1.c", {variable}) == "none");
    // Words do not flow together.
    BOOST_TEST(key_of({"-DA", "-DB", "unit1.c"}, "unit1.c") !=
               key_of({"-DA-DB", "unit1.c"}, "unit1.c"));
}

BOOST_AUTO_TEST_CASE(follows_no_rubbish) {
    const auto command = command_of({"unit1.c", "-E"}, "unit1.c");
    BOOST_TEST(!follow({}, command).has_value());
    BOOST_TEST(!follow({"/bin/sh", "-c", "x"}, command).has_value());
    BOOST_TEST(!follow({"/lib/cc1", "\1file0"}, command).has_value());
    BOOST_TEST(!follow({"/lib/cc1", "\1other"}, command).has_value());
    BOOST_TEST(follow({"/lib/cc1", "-E", "-quiet", "\1input"}, command).has_value());
    for (const char* const word : {"-fplugin=/tmp/x.so", "-o", "/etc/passwd", "@/tmp/x", "-wrapper",
                                   "-fdump-tree-all=/x", "-iplugindir=/tmp", "other.c"})
        BOOST_TEST(!follow({"/lib/cc1", "-E", word, "\1input"}, command).has_value(), word);
    BOOST_TEST(!follow({"/lib/cc1", "-E", "\1input", "-I"}, command).has_value());
    const auto refuses = [&](const std::string& option, const std::string& argument) {
        return !follow({"/lib/cc1", "-E", "\1input", option, argument}, command).has_value();
    };
    BOOST_TEST(refuses("-MD", "/x"));
    BOOST_TEST(refuses("-MF", "/home/x/.profile"));
    BOOST_TEST(refuses("-imultiarch", "../../home/x"));
    BOOST_TEST(!refuses("-imultiarch", "x86_64-linux-gnu"));
    BOOST_TEST(!follow({"/lib/cc1", "-quiet", "\1input"}, command).has_value()); // compiles
}

BOOST_AUTO_TEST_CASE(reads_what_the_user_named) {
    const auto command =
        command_of({"-I", "a", "-Ib", "-include", "pre.h", "unit1.c", "-E"}, "unit1.c");
    const auto reads = [&](const std::string& option, const std::string& name) {
        return follow({"/lib/cc1", "-E", "\1input", option, name}, command).has_value();
    };
    BOOST_TEST((reads("-I", "a") && reads("-I", "b") && reads("-include", "pre.h")));
    for (const char* const option :
         {"-I", "-isystem", "-iquote", "-idirafter", "-include", "-imacros"})
        BOOST_TEST(!reads(option, "/home/x/.ssh/id_rsa"), option);
    BOOST_TEST(!follow({"/lib/cc1", "-E", "\1input", "-I/home/x"}, command).has_value());
    BOOST_TEST(follow({"/lib/cc1", "-E", "\1input", "-Ib"}, command).has_value());
}

BOOST_AUTO_TEST_CASE(tells_which_places_are_not_the_users) {
    const Words places{"/lib/cc1", "/opt/gcc/", "/opt/root"};
    BOOST_TEST(places_of({"/lib/cc1", "-E", "-iprefix", "/opt/gcc/", "-I", "a", "-isysroot",
                          "/opt/root", "unit1.c"}) == places,
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(knows_what_a_moved_driver_says_by_a_variable) {
    BOOST_TEST(
        variable_of_driver({"/t/cc1", "-E", "-iprefix", "/t/bin/../lib/gcc/x86_64-linux-gnu/12/"})
            .value_or("") == "GCC_EXEC_PREFIX=/t/bin/../lib/gcc/");
    BOOST_TEST(!variable_of_driver({"/lib/cc1", "-E", "unit1.c"}).has_value());
}

BOOST_AUTO_TEST_CASE(fingerprints_are_of_all_bytes_however_they_come) {
    const std::string text = "What is eight bytes long?";
    const Fingerprint whole = print_of({text});
    for (std::size_t at = 0; at <= text.size(); ++at) {
        const auto [front, back] = std::pair(text.substr(0, at), text.substr(at));
        BOOST_TEST(print_of({front, back}).text() == whole.text());
        BOOST_TEST((print_of({front, back}) == whole));
    }
    BOOST_TEST(whole.text().size() == 32U);
}

BOOST_AUTO_TEST_CASE(fingerprints_tell_texts_apart) {
    // One bit, the order of words, and zeros at the end.
    const std::string text(40, 'x');
    std::set<std::string> prints{print_of({text}).text()};
    for (std::size_t bit = 0; bit < 8 * text.size(); ++bit) {
        std::string other = text;
        other[bit / 8] = static_cast<char>(other[bit / 8] ^ 1 << bit % 8);
        prints.insert(print_of({other}).text());
    }
    BOOST_TEST(prints.size() == 8 * text.size() + 1);
    BOOST_TEST(print_of({"abcdefgh", "ABCDEFGH"}).text() !=
               print_of({"ABCDEFGH", "abcdefgh"}).text());
    BOOST_TEST(print_of({"a"}).text() != print_of({std::string_view("a\0", 2)}).text());
    BOOST_TEST(print_of({}).text() != print_of({std::string_view("\0", 1)}).text());
}

BOOST_AUTO_TEST_CASE(fingerprints_of_words_next_to_each_other_do_not_make_up_for_each_other) {
    // With FNV's prime, which has few bits, they did.
    BOOST_TEST(print_of({"00000000-DVAL0=xabcde+1+ -O2 -g foo"}).text() !=
               print_of({"00000000-DVAL3=xabcdex=+ -O2 -g foo"}).text());
}

BOOST_AUTO_TEST_SUITE_END()
