#include "create-env/options.h"

#include <boost/test/unit_test.hpp>

using namespace ice;
using namespace ice::create_env;

namespace {

Result<Options> parse(std::vector<std::string> words) {
    return parse_options(words,
                         [](const std::string& path) { return path == "/f" || path == "/a=/b"; });
}

} // namespace

BOOST_AUTO_TEST_SUITE(options)

BOOST_AUTO_TEST_CASE(reads_every_documented_form) {
    BOOST_TEST(parse({"gcc"})->compiler.value() == "gcc");
    BOOST_TEST(parse({"gcc", "g++"})->compiler_cxx.value() == "g++");
    BOOST_TEST(parse({"--respect-path", "gcc"})->compiler.value() == "gcc");
    const auto both = parse({"--gcc", "/g", "/x", "--clang", "/c", "/w"});
    BOOST_REQUIRE(both.has_value());
    BOOST_TEST(both->gcc->c == "/g");
    BOOST_TEST(both->gcc->cxx == "/x");
    BOOST_TEST(both->clang.value() == "/c");
    BOOST_TEST(both->wrapper.value() == "/w");
    const auto reversed = parse({"--clang", "/c", "--gcc", "/g", "/x", "--compression", "gz"});
    BOOST_REQUIRE(reversed.has_value());
    BOOST_TEST(!reversed->wrapper.has_value());
    BOOST_TEST((reversed->compression == env::Compression::gzip));
    BOOST_TEST(parse({"gcc", "--sources-fd", "6"})->sources_fd.value() == 6);
    BOOST_TEST(parse({"--help"})->help);
    BOOST_TEST(parse({"--version"})->version);
}

BOOST_AUTO_TEST_CASE(packs_with_zstd_unless_told) {
    BOOST_TEST((parse({"gcc"})->compression == env::Compression::zstd));
}

BOOST_AUTO_TEST_CASE(adds_files_under_their_own_or_another_name) {
    const auto added = [](const std::string& word) {
        return parse({"gcc", "--addfile", word})->added.front();
    };
    BOOST_TEST((added("/f") == AddedFile{"/f", "/f"}));
    BOOST_TEST((added("/f=/in/g") == AddedFile{"/f", "/in/g"}));
    BOOST_TEST((added("/a=/b") == AddedFile{"/a=/b", "/a=/b"}));
    BOOST_TEST((added("/a=/b=/c") == AddedFile{"/a=/b", "/c"}));
    BOOST_TEST((added("/f=/../../x") == AddedFile{"/f", "/x"}));
}

BOOST_AUTO_TEST_CASE(refuses_everything_else) {
    for (const std::vector<std::string>& words : {std::vector<std::string>{},
                                                  {"gcc", "g++", "third"},
                                                  {"--gcc", "/g"},
                                                  {"--gcc", "/g", "--clang"},
                                                  {"--clang"},
                                                  {"gcc", "--compression"},
                                                  {"gcc", "--compression", "lz4"},
                                                  {"gcc", "--addfile"},
                                                  {"gcc", "--sources-fd"},
                                                  {"gcc", "--sources-fd", "x"},
                                                  {"gcc", "--sources-fd", "-1"},
                                                  {"gcc", "--frobnicate"},
                                                  {"gcc", "--clang", "/c"}})
        BOOST_TEST(!parse(words).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
