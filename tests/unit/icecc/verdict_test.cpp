#include "icecc/verdict.h"

#include <boost/test/unit_test.hpp>

namespace ice::icecc {

namespace {

wire::CompileResult result(std::int32_t status, std::string err = {}, std::string out = {}) {
    wire::CompileResult made;
    made.status = status;
    made.err.bytes = std::move(err);
    made.out.bytes = std::move(out);
    return made;
}

const Circumstances gcc{.caret_workaround = true, .preprocessor_text = {}};
const Circumstances gcc_without_carets{.preprocessor_text = {}};
const Circumstances clang{.clang = true, .preprocessed_remotely = true, .preprocessor_text = {}};

std::string reason(const wire::CompileResult& made, const Circumstances& circumstances) {
    return reason_to_rebuild(made, circumstances).value_or("");
}

} // namespace

BOOST_AUTO_TEST_SUITE(verdict)

BOOST_AUTO_TEST_CASE(takes_a_silent_success) {
    BOOST_TEST(reason(result(0), gcc) == "");
    BOOST_TEST(reason(result(0), clang) == "");
}

BOOST_AUTO_TEST_CASE(rebuilds_for_gccs_source_excerpts) {
    const std::string expected = "local build forced by remote exception: Error 102 - command "
                                 "needs stdout/stderr workaround, recompiling locally";
    BOOST_TEST(reason(result(0, "a.c:1:1: warning: x\n"), gcc) == expected);
    BOOST_TEST(reason(result(1, "a.c:1:1: error: x\n"), gcc) == expected);
    BOOST_TEST(reason(result(0, "", "text"), gcc) == expected);
    BOOST_TEST(reason(result(0, "a.c:1:1: warning: x\n"), gcc_without_carets) == "");
}

BOOST_AUTO_TEST_CASE(rebuilds_what_ran_out_of_memory_or_was_killed) {
    auto starved = result(1, "cc1: out of memory");
    starved.was_out_of_memory = true;
    BOOST_TEST(reason(starved, gcc).find("Error 101") != std::string::npos);
    BOOST_TEST(reason(result(105), clang) != "");
    auto killed = result(0);
    killed.signal = 9;
    BOOST_TEST(reason(killed, clang) != "");
}

BOOST_AUTO_TEST_CASE(lets_only_this_machines_compiler_fail_a_build) {
    BOOST_TEST(reason(result(1), clang) != "");
    BOOST_TEST(reason(result(1, "fatal error: 'x.h' file not found"), clang).find("Error 104") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(does_not_add_up_two_counts_of_warnings) {
    const Circumstances halves{.clang = true, .preprocessor_text = "1 warning generated.\n"};
    BOOST_TEST(reason(result(0, "1 warning generated.\n"), halves) != "");
    BOOST_TEST(reason(result(0), halves) == "");
}

BOOST_AUTO_TEST_CASE(joins_the_text_of_both_halves) {
    const Circumstances noisy{.preprocessor_text = "#warning\n"};
    BOOST_TEST(whole_stderr(result(0, "unused\n"), noisy) == "#warning\nunused\n");
}

BOOST_AUTO_TEST_CASE(shows_once_what_a_rewritten_source_makes_clang_say_twice) {
    const Circumstances rewritten{
        .clang = true, .preprocessed_remotely = true, .preprocessor_text = "#warning\n"};
    BOOST_TEST(whole_stderr(result(0, "#warning\nunused\n"), rewritten) == "#warning\nunused\n");
    BOOST_TEST(whole_stderr(result(0), rewritten) == "#warning\n");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace ice::icecc
