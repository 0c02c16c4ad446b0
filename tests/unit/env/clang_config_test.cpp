#include "env/clang_config.h"

#include "temporary_directory.h"

#include <boost/test/unit_test.hpp>

using namespace ice;
using namespace ice::env;

namespace {

using Words = std::vector<std::string>;

} // namespace

BOOST_AUTO_TEST_SUITE(clang_config)

BOOST_AUTO_TEST_CASE(leaves_out_what_only_works_on_this_host) {
    BOOST_TEST(portable_configuration("-fPIE -fstack-protector-strong\n") ==
               "-fPIE -fstack-protector-strong\n");
    BOOST_TEST(portable_configuration("-include /usr/include/gentoo/fortify.h -fPIE") == "  -fPIE");
    BOOST_TEST(portable_configuration("-include \\\n  \"/with blank/x.h\"\n-a") == " \\\n  \n-a");
    BOOST_TEST(portable_configuration("--include=x.h\n-imacros y.h\n-include-pch z.pch") ==
               "\n \n ");
    BOOST_TEST(portable_configuration("--gcc-install-dir=\"/usr/lib/gcc/x86_64/14\"\n") == "\n");
    BOOST_TEST(portable_configuration("# -include is for cpp\n-fPIE") ==
               "# -include is for cpp\n-fPIE");
    BOOST_TEST(portable_configuration("-DX=\"a \\\" b\" 'c d' e\\ f") ==
               "-DX=\"a \\\" b\" 'c d' e\\ f");
    BOOST_TEST(portable_configuration("-include") == "");
    BOOST_TEST(portable_configuration("").empty());
}

BOOST_AUTO_TEST_CASE(sees_what_is_included) {
    BOOST_TEST(included_configurations("-fPIE\n@gentoo-common.cfg @\"/etc/a b.cfg\"\n# @no\n"
                                       "@<CFGDIR>/c.cfg") ==
                   (Words{"gentoo-common.cfg", "/etc/a b.cfg", "c.cfg"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(follows_what_clang_names) {
    const test::TemporaryDirectory etc;
    const std::string c = etc.add("x86_64-pc-linux-gnu-clang.cfg", "@gentoo/common.cfg\n");
    const std::string cxx =
        etc.add("x86_64-pc-linux-gnu-clang++.cfg", "@gentoo/common.cfg --stdlib=libc++\n");
    etc.add("gentoo/common.cfg", "@cet.cfg\n");
    etc.add("gentoo/cet.cfg", "-fcf-protection=full @common.cfg\n"); // a circle
    const Host host{.run = [&](const auto& argv, std::string_view) -> Result<CommandResult> {
                        return CommandResult{0, "",
                                             "clang version 18\nConfiguration file: " +
                                                 (argv[1] == "--driver-mode=g++" ? cxx : c) + "\n"};
                    },
                    .search_path = ""};
    const auto files = clang_configuration({Compiler::Kind::clang, "/c", "/c", "/c"}, host);
    BOOST_REQUIRE(files.has_value());
    Words paths;
    for (const ConfigFile& file : *files)
        paths.push_back(file.path.substr(etc.path().size() + 1));
    BOOST_TEST(paths == (Words{"gentoo/cet.cfg", "gentoo/common.cfg",
                               "x86_64-pc-linux-gnu-clang++.cfg", "x86_64-pc-linux-gnu-clang.cfg"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_file_that_is_named_but_not_there_is_an_error) {
    const Host host{.run = [](const auto&, std::string_view) -> Result<CommandResult> {
                        return CommandResult{0, "", "Configuration file: /no/such.cfg\n"};
                    },
                    .search_path = ""};
    const auto files = clang_configuration({Compiler::Kind::clang, "/c", "/c", "/c"}, host);
    BOOST_REQUIRE(!files.has_value());
    BOOST_TEST(files.error().text.find("/no/such.cfg") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
