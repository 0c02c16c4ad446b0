// The one main() of every unit-test binary. A suite that its precondition kept from running, as
// those of the sandbox where the host cannot confine, makes a passing run exit with 77: skipped.
#include <boost/test/unit_test.hpp>

#include <iostream>
#include <string>

namespace {

namespace bt = boost::unit_test;

constexpr int skipped = 77;

class SkippedSuites : public bt::test_observer {
public:
    using test_observer::test_unit_skipped;
    void test_unit_skipped(const bt::test_unit& unit, bt::const_string why) override {
        // "disabled" is what the command line left out.
        if (unit.p_type == bt::TUT_SUITE && why != "disabled")
            list_ +=
                "skipped: " + unit.full_name() + ": " + std::string(why.begin(), why.end()) + '\n';
    }
    [[nodiscard]] const std::string& list() const { return list_; }

private:
    std::string list_;
};

bool name_all_suites() {
    bt::framework::master_test_suite().p_name.value = "icecc";
    return true;
}

} // namespace

int main(int argc, char** argv) {
    SkippedSuites suites;
    bt::framework::register_observer(suites);
    const int status = bt::unit_test_main(&name_all_suites, argc, argv);
    bt::framework::deregister_observer(suites);
    std::cout << suites.list();
    return status == 0 && !suites.list().empty() ? skipped : status;
}
