#include "icecc/settings.h"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <ostream>
#include <vector>

namespace ice::icecc {

namespace {

Settings settings_of(std::vector<const char*> environment) { return read_settings(environment); }

struct DebugCase {
    const char* entry;
    LogLevel level;
};
std::ostream& operator<<(std::ostream& out, const DebugCase& c) { return out << c.entry; }

constexpr DebugCase debug_cases[] = {
    {"ICECC_DEBUG=", LogLevel::error},          {"ICECC_DEBUG=0", LogLevel::error},
    {"ICECC_DEBUG=no", LogLevel::error},        {"ICECC_DEBUG=Error", LogLevel::error},
    {"ICECC_DEBUG=warning", LogLevel::warning}, {"ICECC_DEBUG=WARNINGS", LogLevel::warning},
    {"ICECC_DEBUG=Info", LogLevel::info},       {"ICECC_DEBUG=debug", LogLevel::debug},
    {"ICECC_DEBUG=1", LogLevel::debug},
};

} // namespace

BOOST_AUTO_TEST_SUITE(settings)

BOOST_AUTO_TEST_CASE(has_upstreams_defaults_in_an_empty_environment) {
    const Settings settings = settings_of({});
    BOOST_TEST((settings.use == Use::cluster));
    BOOST_TEST((settings.log_level == LogLevel::error));
    BOOST_TEST(settings.compression_level == 1);
    BOOST_TEST(settings.safeguard_level == 0);
    BOOST_TEST(!settings.version.has_value());
    BOOST_TEST(!settings.remote_cpp.has_value());
}

BOOST_DATA_TEST_CASE(reads_verbosity, debug_cases) {
    BOOST_TEST((settings_of({sample.entry}).log_level == sample.level));
}

BOOST_AUTO_TEST_CASE(reads_icecc_in_any_case_and_ignores_other_values) {
    BOOST_TEST((settings_of({"ICECC=NO"}).use == Use::slots_only));
    BOOST_TEST((settings_of({"ICECC=Disable"}).use == Use::nothing));
    BOOST_TEST((settings_of({"ICECC=yes"}).use == Use::cluster));
    BOOST_TEST((settings_of({"ICECC="}).use == Use::cluster));
}

BOOST_AUTO_TEST_CASE(tells_an_empty_icecc_version_from_none) {
    BOOST_TEST(settings_of({"ICECC_VERSION="}).version.has_value());
    BOOST_TEST(settings_of({"ICECC_VERSION=/e/a.tar=arm"}).version.value() == "/e/a.tar=arm");
}

BOOST_AUTO_TEST_CASE(reads_switches_by_their_first_character) {
    BOOST_TEST(settings_of({"ICECC_REMOTE_CPP=no"}).remote_cpp.value());
    BOOST_TEST(!settings_of({"ICECC_REMOTE_CPP=0"}).remote_cpp.value());
    BOOST_TEST(!settings_of({"ICECC_REMOTE_CPP="}).remote_cpp.value());
    BOOST_TEST(settings_of({"ICECC_CARET_WORKAROUND=1x"}).caret_workaround.value());
    BOOST_TEST(!settings_of({"ICECC_CARET_WORKAROUND=yes"}).caret_workaround.value());
}

BOOST_AUTO_TEST_CASE(reads_numbers_in_c_notation) {
    BOOST_TEST(settings_of({"ICECC_COMPRESSION=19"}).compression_level == 19);
    BOOST_TEST(settings_of({"ICECC_COMPRESSION=0x10"}).compression_level == 16);
    BOOST_TEST(settings_of({"ICECC_COMPRESSION=abc"}).compression_level == 1);
    BOOST_TEST(settings_of({"ICECC_COMPRESSION=3x"}).compression_level == 1);
    BOOST_TEST(settings_of({"ICECC_COMPRESSION=99999999999999999999"}).compression_level == 1);
}

BOOST_AUTO_TEST_CASE(takes_an_odd_safeguard_for_level_one) {
    BOOST_TEST(settings_of({"_ICECC_SAFEGUARD=2"}).safeguard_level == 2);
    BOOST_TEST(settings_of({"_ICECC_SAFEGUARD="}).safeguard_level == 1);
    BOOST_TEST(settings_of({"_ICECC_SAFEGUARD=-3"}).safeguard_level == 1);
}

BOOST_AUTO_TEST_CASE(notices_variables_that_a_helper_cannot_honour) {
    BOOST_TEST(settings_of({"GCC_COMPARE_DEBUG=1"}).local_only_variable == "GCC_COMPARE_DEBUG");
    BOOST_TEST(settings_of({"CC_PRINT_OPTIONS_FILE=x"}).local_only_variable ==
               "CC_PRINT_OPTIONS_FILE");
    BOOST_TEST(settings_of({"MACOSX_DEPLOYMENT_TARGET=10.9"}).local_only_variable ==
               "MACOSX_DEPLOYMENT_TARGET");
    BOOST_TEST(settings_of({"GCC_COMPARE_DEBUG=", "CCACHE_DIR=/c"}).local_only_variable == "");
}

BOOST_AUTO_TEST_CASE(keeps_the_variables_that_shape_text) {
    const auto kept = settings_of({"GCC_COLORS=x", "GCC_COLORS2=y", "A=GCC_URLS=z", "GCC_URLS="});
    BOOST_TEST(kept.text_variables == (std::vector<std::string>{"GCC_COLORS=x", "GCC_URLS="}));
}

BOOST_AUTO_TEST_CASE(ignores_entries_without_an_equals_sign_and_null_entries) {
    BOOST_TEST((settings_of({"ICECC", nullptr, "ICECC_DEBUG"}).log_level == LogLevel::error));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace ice::icecc
