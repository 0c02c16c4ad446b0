// The words sent to a helper, against those that upstream icecream was seen to send for the same
// command lines (tests/data/client-args-rewrites.tsv).
#include "args/commands.h"
#include "fake_files.h"
#include "tsv.h"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <ostream>

namespace ice::args {

namespace {

struct Row {
    std::string id, command, flags;
};

std::ostream& operator<<(std::ostream& out, const Row& row) {
    return out << row.id << ": " << row.command << " -> " << row.flags;
}

/// The rows that can be compared: the file shows words unquoted, and expands what is "native".
std::vector<Row> rewrites() {
    std::map<std::string, std::string> commands;
    for (const auto& fields : read_tsv("client-args.tsv")) {
        commands[fields[0]] = fields[1];
    }
    std::vector<Row> rows;
    for (const auto& fields : read_tsv("client-args-rewrites.tsv")) {
        const std::string& command = commands.at(fields[0]);
        const bool comparable = fields[2].find("(native") == std::string::npos &&
                                command.find_first_of("'\"") == std::string::npos;
        if (comparable && !fields[2].empty()) {
            rows.push_back({fields[0], command, fields[2]});
        }
    }
    return rows;
}

/// The value that a -target of upstream has in this row.
std::string target_in(const std::vector<std::string>& flags) {
    const auto option = std::ranges::find(flags, "-target");
    return option == flags.end() ? "" : *(option + 1);
}

// What upstream sends and we do not: search paths and forced headers in unusual spellings, -x (the
// helper adds its own), words of the linker and of -H.
constexpr auto kept_here = std::to_array<std::string_view>(
    {"-H", "-Wl,", "-finput-charset=", "-include", "--include-directory", "-isystem", "-iquote",
     "-idirafter", "-x"});

bool stays_here(std::string_view word) {
    return std::ranges::any_of(kept_here, [&](auto prefix) { return word.starts_with(prefix); });
}

bool is_shipped_by_us_only(const Row& row) {
    return row.command.find("-fsanitize-ignorelist=") != row.command.npos ||
           row.command.find("-fxray-attr-list=") != row.command.npos;
}

} // namespace

BOOST_AUTO_TEST_SUITE(rewrites_of_upstream)

BOOST_DATA_TEST_CASE(are_ours_too, rewrites(), row) {
    const Analysis analysis = analyse_line(row.command);
    if (analysis.verdict == Verdict::local || is_shipped_by_us_only(row)) {
        return; // better than upstream; corpus_test.cpp says whether we may
    }
    auto theirs = split(row.flags, ' ');
    const auto ours = remote_arguments(analysis, {.remote_preprocessing = true,
                                                  .colour_option = {},
                                                  .clang_target = target_in(theirs),
                                                  .native_words = {}})
                          .flags;
    for (std::string& word : theirs) {
        const std::size_t fixtures = word.find("$FX");
        if (fixtures != word.npos) {
            word.replace(fixtures, 3, test_directory);
        }
    }
    // The language follows -x in a word of its own.
    const auto language = std::ranges::find(theirs, "-x");
    if (language != theirs.end()) {
        theirs.erase(language, language + 2);
    }
    std::erase_if(theirs, stays_here);
    // Upstream's defects: issues 550 and 607, and OpenMP pragmas that this option drops.
    if (analysis.input_is_preprocessed || !analysis.remote_preprocessing_allowed) {
        std::erase(theirs, "-fdirectives-only");
    }
    BOOST_TEST(ours == theirs, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace ice::args
