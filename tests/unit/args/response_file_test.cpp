#include "args/response_file.h"

#include <boost/test/unit_test.hpp>

#include <map>

namespace ice::args {

namespace {

using Words = std::vector<std::string>;

Result<Words> expand(const Words& words, const std::map<std::string, std::string>& files) {
    return expand_response_files(
        words, [&](const std::string& path) -> Result<std::optional<std::string>> {
            if (path == "dir") {
                return Error{Errc::invalid, "dir is a directory"};
            }
            const auto file = files.find(path);
            return file == files.end() ? std::optional<std::string>() : file->second;
        });
}

} // namespace

BOOST_AUTO_TEST_SUITE(response_files)

BOOST_AUTO_TEST_CASE(splits_words_by_the_rules_of_gcc) {
    const Words words = split_response_text("  -a \"b c\" 'd\\'e' f\\ g \"\" -D\"x y\"z\n\tlast");
    BOOST_TEST(words == (Words{"-a", "b c", "d'e", "f g", "", "-Dx yz", "last"}));
}

BOOST_AUTO_TEST_CASE(has_no_words_in_a_blank_file) {
    BOOST_TEST(split_response_text(" \n\t ").empty());
}

BOOST_AUTO_TEST_CASE(expands_in_place_and_nested) {
    const auto words = expand({"x", "@one", "y"}, {{"one", "a @two b"}, {"two", "c"}});
    BOOST_REQUIRE(words.has_value());
    BOOST_TEST(*words == (Words{"x", "a", "c", "b", "y"}));
}

BOOST_AUTO_TEST_CASE(leaves_a_missing_file_as_it_is) {
    const auto words = expand({"@nosuch", "y"}, {});
    BOOST_REQUIRE(words.has_value());
    BOOST_TEST(*words == (Words{"@nosuch", "y"}));
}

BOOST_AUTO_TEST_CASE(fails_for_a_directory) { BOOST_TEST(!expand({"@dir"}, {}).has_value()); }

BOOST_AUTO_TEST_CASE(stops_at_the_limit_of_expansions) {
    const auto words = expand({"@self"}, {{"self", "@self"}});
    BOOST_REQUIRE(!words.has_value());
    BOOST_TEST((words.error().code == Errc::limit));
}

BOOST_AUTO_TEST_CASE(stops_at_the_limit_of_bytes) {
    const std::string big(max_response_bytes / 2 + 1, ' ');
    BOOST_TEST(expand({"@a"}, {{"a", big}}).has_value());
    BOOST_TEST(!expand({"@a", "@a"}, {{"a", big}}).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace ice::args
