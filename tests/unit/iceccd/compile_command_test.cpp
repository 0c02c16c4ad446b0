#include "iceccd/compile_command.h"

#include <boost/test/unit_test.hpp>

using namespace ice;

namespace {

constexpr wire::Version v40{40, 0}, v33{33, 0}, v29{29, 0};

wire::CompileFile request(const std::string& compiler) {
    wire::CompileFile request;
    request.language = wire::Language::cxx;
    request.flags = {"-O2", "-g"};
    request.compiler_name = compiler;
    request.input_file = "src/x.cpp";
    request.working_directory = "/home/user/project";
    request.output_file = "obj/x.o";
    return request;
}

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words)
        text += (text.empty() ? "" : " ") + word;
    return text;
}

std::string argv_of(const wire::CompileFile& request, wire::Version version = wire::our_version) {
    const auto command = iceccd::compile_command(request, version);
    return command ? joined(command->argv) : command.error().text;
}

} // namespace

BOOST_AUTO_TEST_SUITE(compile_command)

BOOST_AUTO_TEST_CASE(gcc_runs_as_the_client_would_have_run_it) {
    BOOST_TEST(argv_of(request("g++")) == "/usr/bin/g++ -x c++ -O2 -g -fpreprocessed - -o obj/x.o");
}

BOOST_AUTO_TEST_CASE(clang_is_told_the_names_that_stdin_hides) {
    BOOST_TEST(argv_of(request("clang")) ==
               "/usr/bin/clang -x c++ -Xclang -main-file-name -Xclang src/x.cpp "
               "-Xclang -fdebug-compilation-dir -Xclang /home/user/project -O2 -g - -o obj/x.o "
               "-no-canonical-prefixes");
}

BOOST_AUTO_TEST_CASE(clang_is_not_told_what_the_user_decided) {
    wire::CompileFile asked = request("clang");
    asked.flags = {"-fdebug-compilation-dir=/elsewhere"};
    asked.input_file.clear();
    BOOST_TEST(argv_of(asked) == "/usr/bin/clang -x c++ -fdebug-compilation-dir=/elsewhere - -o "
                                 "obj/x.o -no-canonical-prefixes");
}

BOOST_AUTO_TEST_CASE(passes_on_the_variables_that_shape_text_and_no_others) {
    wire::CompileFile asked = request("g++");
    asked.variables = {"LC_CTYPE=C.UTF-8", "LD_PRELOAD=/x.so", "GCC_COLORS", "GCC_COLORS="};
    const auto command = iceccd::compile_command(asked, wire::our_version);
    BOOST_REQUIRE(command);
    BOOST_TEST(joined(command->environment) ==
               "PATH=/usr/bin PWD=/home/user/project LC_CTYPE=C.UTF-8 GCC_COLORS=");
    BOOST_TEST(!command->terminal);
    asked.variables = {"TERM_URLS=st", "TERM=xterm"};
    BOOST_TEST(iceccd::compile_command(asked, wire::our_version)->terminal);
}

BOOST_AUTO_TEST_CASE(paths_are_the_clients_own) {
    const auto command = iceccd::compile_command(request("g++"), wire::our_version);
    BOOST_REQUIRE(command);
    BOOST_TEST(command->program == "/usr/bin/g++");
    BOOST_TEST(command->working_directory == "/home/user/project");
    BOOST_TEST(command->output == "/home/user/project/obj/x.o");
    BOOST_TEST(joined(command->directories) == "/home/user/project/obj");
    BOOST_TEST(command->dwo == "/home/user/project/obj/x.dwo");
    BOOST_TEST(joined(command->environment) == "PATH=/usr/bin PWD=/home/user/project");
}

BOOST_AUTO_TEST_CASE(an_output_elsewhere_is_followed_there) {
    wire::CompileFile asked = request("g++");
    asked.output_file = "../../out/./x.o";
    BOOST_TEST(iceccd::compile_command(asked, wire::our_version)->output == "/home/out/x.o");
    asked.output_file = "/abs/x.o";
    BOOST_TEST(iceccd::compile_command(asked, wire::our_version)->output == "/abs/x.o");
    asked.output_file = "../../../../../x.o";
    BOOST_TEST(iceccd::compile_command(asked, wire::our_version)->output == "/x.o");
}

BOOST_AUTO_TEST_CASE(every_directory_on_the_way_to_an_output_is_made) {
    const auto directories = [](const char* output) {
        wire::CompileFile asked = request("gcc");
        asked.output_file = output;
        return joined(iceccd::compile_command(asked, wire::our_version)->directories);
    };
    BOOST_TEST(directories("./x.o") == "/home/user/project");
    BOOST_TEST(directories("/out/./x.o") == "/out");
    BOOST_TEST(directories("a/b/../../c/x.o") ==
               "/home/user/project/a/b /home/user/project/a /home/user/project/c");
    BOOST_TEST(directories("../../../../x.o") == "/home/user/project /home/user /home / /");
}

BOOST_AUTO_TEST_CASE(old_peers_say_less) {
    wire::CompileFile asked = request("g++");
    asked.flags = {};
    asked.remote_flags = {"-O2"};
    asked.rest_flags = {"-DX"};
    asked.dwarf_fission = true;
    BOOST_TEST(argv_of(asked, v40) ==
               "/usr/bin/g++ -x c++ -O2 -DX -gsplit-dwarf -fpreprocessed - -o obj/x.o");
    asked.dwarf_fission = false;
    asked.output_file = asked.working_directory = "";
    BOOST_TEST(argv_of(asked, v33) == "/usr/bin/g++ -x c++ -O2 -DX -fpreprocessed - -o icecc.o");
    asked.compiler_name = "";
    BOOST_TEST(argv_of(asked, v29) == "/usr/bin/g++ -x c++ -O2 -DX -fpreprocessed - -o icecc.o");
    asked.language = wire::Language::c;
    BOOST_TEST(argv_of(asked, v29) == "/usr/bin/gcc -x c -O2 -DX -fpreprocessed - -o icecc.o");
}

BOOST_AUTO_TEST_CASE(names_that_lead_elsewhere_are_no_compilers) {
    for (const char* name : {"", "../bin/sh", "/bin/sh", "..", ".hidden"})
        BOOST_TEST(!iceccd::compile_command(request(name), wire::our_version));
}

BOOST_AUTO_TEST_CASE(a_language_nobody_has_is_refused) {
    wire::CompileFile asked = request("gcc");
    asked.language = wire::Language::custom;
    BOOST_TEST(argv_of(asked) == "language not supported");
    asked.language = wire::Language::objcxx;
    BOOST_TEST(argv_of(asked).find("-x objective-c++ ") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
