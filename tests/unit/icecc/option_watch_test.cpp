#include "icecc/option_watch.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <string>
#include <utility>

namespace ice::icecc {

namespace {

bool finds(std::string_view text, std::size_t piece) {
    OptionWatch watch;
    for (; !text.empty(); text.remove_prefix(std::min(piece, text.size())))
        watch.look_at(std::span(text.data(), std::min(piece, text.size())));
    return watch.found();
}

} // namespace

BOOST_AUTO_TEST_SUITE(option_watch)

BOOST_AUTO_TEST_CASE(sees_options_set_in_the_users_code) {
    const std::string system_header =
        "# 1 \"a.h\" 1 3\n#pragma GCC target(\"avx2\")\n  # 2 \"unit.c\" 2\n";
    const std::pair<std::string, bool> texts[] = {
        {"", false},
        {"int x;\n", false},
        {" # pragma GCC target(\"avx2\")\n", true},
        {"#pragma\tGCC  optimize (\"O2\")\n", true},
        {"#pragma GCC /**/ target(\"avx2\")\n", true},
        {"#pragma GCC \\\n target(\"avx2\")\n", true},
        {"char by[] = \"GCC \\\"12\\\"\";\n", false},
        {"#define SIMD _Pragma(\"GCC target(\\\"avx2\\\")\")\n", true},
        {"int x; _Pragma(\"GCC optimize(\\\"O2\\\")\") int y;\n", true},
        {"#define DO(x) _Pragma(#x)\nDO(GCC target(\"avx2\"))\n", true},
        {"#pragma GCC targets\n#pragma GCC diagnostic push\nint __GCC_target;\n", false},
        {"#define text \"# 1 \\\"a.h\\\" 3\"\n#pragma GCC target(\"avx2\")\n", true},
        {"# 1 \"a.h\" 1 3\nint y;\n", false},
    };
    for (const auto& [text, sets] : texts)
        for (std::size_t size = 1; size <= system_header.size() + text.size(); ++size) {
            BOOST_TEST(finds(text, size) == sets, text << " by " << size);
            BOOST_TEST(finds(system_header + text, size) == sets,
                       "after a header: " << text << " by " << size);
        }
}

BOOST_AUTO_TEST_CASE(forgets_a_line_nobody_wrote) {
    BOOST_TEST(!finds(std::string(200'000, ' ') + "#pragma GCC optimize(3)\n", 1000));
    BOOST_TEST(finds(std::string(200'000, ' ') + "\n#pragma GCC optimize(3)\n", 1000));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace ice::icecc
