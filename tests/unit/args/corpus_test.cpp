// Every command line of tests/data/client-args.tsv and client-args-2.tsv, whose verdicts were taken
// from upstream icecream 1.4; where upstream is known to be wrong, the row says what is better.
#include "args/analysis.h"
#include "fake_files.h"
#include "tsv.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <map>
#include <ostream>

namespace ice::args {

namespace data = boost::unit_test::data;

namespace {

struct Row {
    std::string id, command, verdict, language, reason;
};

std::ostream& operator<<(std::ostream& out, const Row& row) {
    return out << row.id << ": " << row.command << " (" << row.reason << ')';
}

std::vector<Row> corpus(const std::string& name) {
    std::vector<Row> rows;
    for (const auto& fields : read_tsv(name)) {
        rows.push_back({fields.at(0), fields.at(1), fields.at(2), fields.at(3), fields.at(4)});
    }
    return rows;
}

/// The verdict we want: the better one where the row knows one.
std::string wanted(const Row& row) {
    const std::size_t at = row.reason.find("better=");
    return at == row.reason.npos ? row.verdict
                                 : row.reason.substr(at + 7, row.reason.find(':') - at - 7);
}

} // namespace

BOOST_AUTO_TEST_SUITE(corpus_of_command_lines)

BOOST_AUTO_TEST_CASE(is_there) {
    BOOST_TEST(corpus("client-args.tsv").size() == 272U);
    BOOST_TEST(corpus("client-args-2.tsv").size() >= 280U);
}

BOOST_DATA_TEST_CASE(is_judged_right,
                     data::make(corpus("client-args.tsv")) +
                         data::make(corpus("client-args-2.tsv")),
                     row) {
    const Analysis analysis = analyse_line(row.command);
    const std::string verdict = analysis.verdict == Verdict::remote ? "remote" : "local";
    // Shipping the file an option names is as good as staying here for its sake.
    const bool shipped =
        verdict == "remote" && row.verdict == "remote" && !analysis.extra_files.empty();
    if (wanted(row) != "local-or-remote" && !shipped) {
        BOOST_TEST(verdict == wanted(row), analysis.reason);
    }
    BOOST_TEST((verdict == "remote") == analysis.reason.empty());
    static const std::map<std::string, Language> languages{{"C", Language::c},
                                                           {"C++", Language::cxx},
                                                           {"ObjC", Language::objective_c},
                                                           {"ObjC++", Language::objective_cxx}};
    if (verdict == "remote" && languages.contains(row.language)) {
        BOOST_TEST((analysis.language == languages.at(row.language)));
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace ice::args
