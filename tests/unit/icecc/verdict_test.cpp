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

const Circumstances gcc{.helper_quotes = true, .here = {}, .preprocessor_text = {}};
const Circumstances clang{
    .preprocessed_remotely = true, .here = {.clang = true}, .preprocessor_text = {}};
const std::string warning = "a.c:1:1: warning: x [-Wx]\n    1 | int x;\n      | ^\n";

/// What the user gets to see; "rebuild" instead of any text.
std::string shown(const std::string& err, const Circumstances& circumstances) {
    const auto line = [](const std::string& file, std::size_t number) {
        return file == "a.c" && number == 1 ? std::optional<std::string>("int x;") : std::nullopt;
    };
    return whole_stderr(result(0, err), circumstances, line).value_or("rebuild");
}

Circumstances with(Circumstances some, std::string_view preprocessor_text) {
    some.preprocessor_text = preprocessor_text;
    return some;
}

std::string reason(const wire::CompileResult& made, const Circumstances& circumstances) {
    return reason_to_rebuild(made, circumstances).value_or("");
}

} // namespace

BOOST_AUTO_TEST_SUITE(verdict)

BOOST_AUTO_TEST_CASE(takes_a_silent_success) {
    BOOST_TEST(reason(result(0), gcc) == "");
    BOOST_TEST(reason(result(0), clang) == "");
}

BOOST_AUTO_TEST_CASE(rebuilds_for_any_text_of_gcc_when_told_to) {
    const std::string expected = "local build forced by remote exception: Error 102 - command "
                                 "needs stdout/stderr workaround, recompiling locally";
    Circumstances distrusted = gcc;
    distrusted.caret_workaround = true;
    BOOST_TEST(reason(result(0, warning), distrusted) == expected);
    BOOST_TEST(reason(result(1, warning), distrusted) == expected);
    BOOST_TEST(reason(result(0, "", "text"), gcc) == expected);
    BOOST_TEST(reason(result(0, warning), gcc) == "");
}

BOOST_AUTO_TEST_CASE(shows_what_gcc_would_have_said_here) {
    BOOST_TEST(shown(warning, gcc) == warning);
    BOOST_TEST(shown("", gcc) == "");
    BOOST_TEST(shown("a.c:1:1: warning: x [-Wx]\n    1 | int  x;\n", gcc) == "rebuild");
}

BOOST_AUTO_TEST_CASE(shows_no_text_that_cannot_be_the_local_one) {
    Circumstances upstream = gcc, terminal = gcc, translated = gcc;
    upstream.helper_quotes = false;
    terminal.terminal = true;
    translated.translated = true;
    for (const Circumstances& other : {upstream, terminal, translated}) {
        BOOST_TEST(shown(warning, other) == "rebuild");
        BOOST_TEST(shown("", other) == "");
    }
    terminal.terminal_there = true;
    BOOST_TEST(shown(warning, terminal) == warning);
    upstream.here.carets = false;
    BOOST_TEST(shown("a.c:1: warning: x [-Wx]\n", upstream) == "a.c:1: warning: x [-Wx]\n");
    // The preprocessor wrote its links into a pipe, that is not at all.
    BOOST_TEST(shown("", with(terminal, "a.c:1:2: warning: #warning [-Wcpp]\n")) == "rebuild");
}

BOOST_AUTO_TEST_CASE(shows_everything_when_told_to) {
    Circumstances trusted = gcc;
    trusted.helper_quotes = false;
    trusted.caret_workaround = false;
    BOOST_TEST(shown("anything\n", with(trusted, "first\n")) == "first\nanything\n");
}

BOOST_AUTO_TEST_CASE(shows_empty_json_once) {
    BOOST_TEST(shown("[]\n", with(gcc, "[]\n")) == "[]\n");
    BOOST_TEST(shown("[]\n", gcc) == "[]\n");
    BOOST_TEST(shown("[]\n", with(gcc, "text")) == "rebuild");
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

BOOST_AUTO_TEST_CASE(does_not_mix_the_texts_of_two_halves) {
    const Circumstances expanded{.here = {.clang = true}, .preprocessor_text = {}};
    BOOST_TEST(shown(warning, with(gcc, "#warning\n")) == "rebuild");
    BOOST_TEST(shown("1 warning generated.\n", with(expanded, "2 warnings generated.\n")) ==
               "rebuild");
    BOOST_TEST(shown("", with(expanded, "1 warning generated.\n")) == "1 warning generated.\n");
}

BOOST_AUTO_TEST_CASE(rebuilds_when_clang_does_not_know_where_it_is) {
    BOOST_TEST(
        shown("a.c:3:7: remark: inlined\n"
              "a.c:3:7: note: could not determine the original source location for a.c:7:23\n",
              clang) == "rebuild");
}

BOOST_AUTO_TEST_CASE(shows_once_what_a_rewritten_source_makes_clang_say_twice) {
    const Circumstances rewritten = with(clang, "#warning\n");
    BOOST_TEST(shown("#warning\n", rewritten) == "#warning\n");
    BOOST_TEST(shown("#warning\nunused\n", rewritten) == "rebuild");
    BOOST_TEST(shown("", rewritten) == "#warning\n");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace ice::icecc
