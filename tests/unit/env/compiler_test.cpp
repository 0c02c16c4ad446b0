#include "env/compiler.h"

#include "elf_builder.h"
#include "temporary_directory.h"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <map>

using namespace ice;
using namespace ice::env;

namespace {

/// Compilers that are only files, and what they would answer.
struct FakeHost : test::TemporaryDirectory {
    std::map<std::string, CommandResult> answers; ///< by the command line
    Host host{.run = [this](const auto& argv, std::string_view) { return answer(argv); },
              .search_path = *this / "bin"};

    std::string program(const std::string& name) { return add(name, test::build_elf({})); }
    std::string script(const std::string& name) { return add(name, "#!/bin/sh\n", 0755); }

    void answer_as_gcc(const std::string& path, const std::string& collect_gcc) {
        answers[path + " -E -"] = {0, "# 1 \"<stdin>\"\nclang is __clang__\ngnuc is 12\n", ""};
        answers[path + " -v"] = {0, "", "Using built-in specs.\nCOLLECT_GCC=" + collect_gcc + "\n"};
    }
    void answer_as_clang(const std::string& path, const std::string& binary) {
        answers[path + " -E -"] = {0, "clang is 1\ngnuc is 4\n", ""};
        answers[path + " -### -x c -c /dev/null -o /dev/null"] = {
            0, "", "clang version 14\n (in-process)\n \"" + binary + "\" \"-cc1\" \"-triple\"\n"};
    }

private:
    Result<CommandResult> answer(const std::vector<std::string>& argv) {
        std::string line;
        for (const std::string& word : argv)
            line += (line.empty() ? "" : " ") + word;
        const auto known = answers.find(line);
        return known == answers.end() ? CommandResult{1, "", "no such option\n"} : known->second;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(compiler, FakeHost)

BOOST_AUTO_TEST_CASE(finds_gcc_in_path) {
    const std::string gcc = program("bin/gcc");
    answer_as_gcc(gcc, "gcc");
    const auto found = identify_compiler("gcc", host);
    BOOST_REQUIRE(found.has_value());
    BOOST_TEST((found->kind == Compiler::Kind::gcc));
    BOOST_TEST(found->binary == gcc);
}

BOOST_AUTO_TEST_CASE(looks_through_scripts_and_links_to_gcc) {
    const std::string wrapper = script("wrapper/cc");
    const std::string real = program("bin/x86_64-gcc-12");
    std::filesystem::create_symlink("x86_64-gcc-12", *this / "bin/gcc");
    answer_as_gcc(wrapper, *this / "bin/gcc");
    const auto found = identify_compiler(wrapper, host);
    BOOST_REQUIRE(found.has_value());
    BOOST_TEST(found->binary == real);
    BOOST_TEST(found->invoked == *this / "bin/gcc");
}

BOOST_AUTO_TEST_CASE(looks_through_a_script_of_any_name_to_clang) {
    const std::string wrapper = script("bin/myclang");
    const std::string real = program("llvm/bin/clang-14");
    answer_as_clang(wrapper, real);
    const auto found = identify_compiler("myclang", host);
    BOOST_REQUIRE(found.has_value());
    BOOST_TEST((found->kind == Compiler::Kind::clang));
    BOOST_TEST(found->binary == real);
}

BOOST_AUTO_TEST_CASE(says_what_is_no_compiler) {
    program("bin/true");
    BOOST_TEST(identify_compiler("true", host).error().text.find("is not a compiler.") !=
               std::string::npos);
    BOOST_TEST(identify_compiler("nothing", host).error().text ==
               "nothing is not a compiler. There is no such program in PATH.");
    const std::string tcc = program("bin/tcc");
    answers[tcc + " -E -"] = {0, "clang is __clang__\ngnuc is __GNUC__\n", ""};
    BOOST_TEST(identify_compiler("tcc", host).error().text ==
               tcc + " is not a known compiler. gcc and clang are.");
}

BOOST_AUTO_TEST_CASE(refuses_a_script_that_hides_its_compiler) {
    const std::string wrapper = script("bin/gcc");
    answer_as_gcc(wrapper, wrapper);
    BOOST_TEST(identify_compiler("gcc", host).error().text.find("is not a binary file.") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(names_the_compiler_of_the_other_language) {
    const auto sibling = [](const std::string& path, bool cxx) {
        return sibling_candidates({Compiler::Kind::gcc, path, path, path}, cxx).front();
    };
    BOOST_TEST(sibling("/b/gcc", true) == "/b/g++");
    BOOST_TEST(sibling("/gcc/x86_64-gcc-12", true) == "/gcc/x86_64-g++-12");
    BOOST_TEST(sibling("/b/cc", true) == "/b/c++");
    BOOST_TEST(sibling("/b/g++-12", false) == "/b/gcc-12");
    BOOST_TEST(sibling("/b/c++", false) == "/b/cc");
}

// NixOS: what gcc calls its assembler is a script around the real one.
BOOST_AUTO_TEST_CASE(takes_the_program_behind_a_script) {
    const std::string real = program("store/binutils/bin/as");
    add("store/wrapper/bin/as",
        "#!" + *this / "store/bash/bin/bash" + "\nset -eu\n# not " + program("store/old/bin/ld") +
            "\nif [ -e \"/nowhere/as\" ]; then :; fi\nexec -a \"$0\" " + real + " \"$@\"\n",
        0755);
    const Compiler gcc{Compiler::Kind::gcc, "/w/gcc", "/g/gcc", "/g/gcc"};
    answers["/w/gcc -print-prog-name=as"] = {0, *this / "store/wrapper/bin/as" + "\n", ""};
    BOOST_TEST(helper_program(gcc, "as", host).value() == real);
    // The driver that the script runs may know the real one.
    const std::string other = program("store/other/bin/as");
    answers["/g/gcc -print-prog-name=as"] = {0, other + "\n", ""};
    BOOST_TEST(helper_program(gcc, "as", host).value() == other);
}

BOOST_AUTO_TEST_CASE(takes_no_script_for_a_helper) {
    const Compiler gcc{Compiler::Kind::gcc, "/gcc", "/gcc", "/gcc"};
    answers["/gcc -print-prog-name=as"] = {0, script("bin/as") + "\n", ""};
    BOOST_TEST(!helper_program(gcc, "as", host).has_value());
}

BOOST_AUTO_TEST_CASE(takes_no_helper_from_the_working_directory) {
    const Compiler gcc{Compiler::Kind::gcc, "/gcc", "/gcc", "/gcc"};
    answers["/gcc -print-prog-name=as"] = {0, "as\n", ""};
    answers["/gcc -print-file-name=specs"] = {0, "specs\n", ""};
    BOOST_TEST(!helper_program(gcc, "as", host).has_value());
    BOOST_TEST(!helper_file(gcc, "specs", host).has_value());
    const std::string as = program("bin/as");
    BOOST_TEST(helper_program(gcc, "as", host).value() == as);
}

BOOST_AUTO_TEST_SUITE_END()
