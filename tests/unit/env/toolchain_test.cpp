#include "env/toolchain.h"

#include "elf_builder.h"
#include "temporary_directory.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace ice;
using namespace ice::env;

namespace {

/// A gcc in /opt whose parts answer -print-prog-name; static, so that no library is needed.
struct Prefix : test::TemporaryDirectory {
    Host host{.run = [this](const auto& argv, std::string_view) -> Result<CommandResult> {
                  const std::string& option = argv.back();
                  const std::string name = option.substr(option.find('=') + 1);
                  const std::string path = *this / ("opt/libexec/" + name);
                  return CommandResult{0, path + "\n", ""};
              },
              .search_path = ""};
    Compiler gcc = compiler("opt/bin/gcc");
    LibraryResolver resolver;
    Collection collection{resolver};

    Compiler compiler(const std::string& name) {
        const std::string path = add(name, test::build_elf({}));
        return {Compiler::Kind::gcc, path, path, path};
    }
    void parts(std::initializer_list<const char*> names) {
        for (const char* name : names)
            add(std::string("opt/libexec/") + name, test::build_elf({}));
    }
    std::vector<std::string> packed() {
        std::vector<std::string> names;
        const auto members = collection.members();
        BOOST_REQUIRE(members.has_value());
        for (const Member& member : *members)
            names.push_back(member.inside);
        return names;
    }
};

using Names = std::vector<std::string>;

} // namespace

BOOST_FIXTURE_TEST_SUITE(toolchain, Prefix)

BOOST_AUTO_TEST_CASE(gives_gcc_the_names_nodes_look_for) {
    parts({"cc1", "cc1plus", "as", "objcopy", "liblto_plugin.so"});
    BOOST_REQUIRE(add_gcc(collection, {gcc, compiler("opt/bin/g++")}, false, host));
    BOOST_TEST(packed() ==
                   (Names{"usr/bin/as", "usr/bin/cc1", "usr/bin/cc1plus", "usr/bin/g++",
                          "usr/bin/gcc", "usr/bin/objcopy", "usr/libexec/liblto_plugin.so"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(packs_a_compiler_without_cxx) {
    parts({"cc1", "as"});
    BOOST_REQUIRE(add_gcc(collection, {gcc, compiler("opt/bin/g++")}, false, host));
    BOOST_TEST(packed() == (Names{"usr/bin/as", "usr/bin/cc1", "usr/bin/gcc"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(makes_room_for_a_wrapper) {
    parts({"cc1", "cc1plus", "as"});
    BOOST_REQUIRE(add_gcc(collection, {gcc, compiler("opt/bin/g++")}, true, host));
    BOOST_TEST(collection.contains("usr/bin/gcc.bin"));
    BOOST_TEST(collection.contains("usr/bin/g++.bin"));
}

BOOST_AUTO_TEST_CASE(packs_objective_c_where_it_is_installed) {
    parts({"cc1", "as", "cc1obj", "cc1objplus"});
    BOOST_REQUIRE(add_gcc(collection, {gcc, {}}, false, host));
    BOOST_TEST(packed() == (Names{"usr/bin/as", "usr/bin/cc1", "usr/bin/cc1obj",
                                  "usr/bin/cc1objplus", "usr/bin/gcc"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(packs_what_clang_reads) {
    parts({"as", "llvm-symbolizer"});
    const std::string resources = *this / "opt/lib/clang/16";
    add("opt/lib/clang/16/share/cfi_ignorelist.txt", "src:*\n");
    add("opt/lib/clang/16/share/README", "");
    add("opt/bin/clang.cfg", "-include x.h -fPIE\n@../etc/more.cfg\n");
    add("opt/etc/more.cfg", "-fcf-protection=full\n");
    Compiler clang = compiler("opt/bin/clang-16");
    clang.kind = Compiler::Kind::clang;
    const auto run = [&, parts = host.run](const auto& argv,
                                           std::string_view input) -> Result<CommandResult> {
        if (argv.back() == "-print-resource-dir")
            return CommandResult{0, resources + "\n", ""};
        if (argv.back() == "-v")
            return CommandResult{
                0, "",
                "clang version 16\nConfiguration file: " + (*this / "opt/bin/clang.cfg") + "\n"};
        return parts(argv, input);
    };
    const Host with_lists{run, ""};
    BOOST_REQUIRE(add_clang(collection, clang, std::nullopt, with_lists));
    BOOST_TEST(packed() == (Names{"proc/cpuinfo", "usr/bin/as", "usr/bin/clang",
                                  "usr/bin/clang.cfg", "usr/bin/llvm-symbolizer",
                                  "usr/etc/more.cfg", "usr/lib/clang/16/share/cfi_ignorelist.txt"}),
               boost::test_tools::per_element());
    const auto members = collection.members();
    BOOST_TEST(
        (members->at(3).content == decltype(Member::content)(Text{"  -fPIE\n@../etc/more.cfg\n",
                                                                  *this / "opt/bin/clang.cfg"})));
}

BOOST_AUTO_TEST_CASE(says_which_part_is_missing) {
    parts({"cc1"});
    const auto added = add_gcc(collection, {gcc, {}}, false, host);
    BOOST_REQUIRE(!added.has_value());
    BOOST_TEST(added.error().text.find(" has no as; install ") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(refuses_two_files_of_one_name) {
    const std::string a = add("a", "a"), b = add("b", "b");
    BOOST_TEST(collection.add("x", a).has_value());
    BOOST_TEST(collection.add("x", a).has_value());
    BOOST_TEST(collection.add("x", b).error().text.find("both want to be /x") != std::string::npos);
    BOOST_TEST(!collection.add("y", path()).has_value()); // a directory
    BOOST_TEST(!collection.add("y", *this / "missing").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
