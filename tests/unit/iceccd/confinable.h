// Test helper: skips suites that need the sandbox where the host has none to offer.
#pragma once

#include "sandbox/probe.h"

#include <boost/test/unit_test.hpp>

namespace ice::test {

struct Confinable {
    boost::test_tools::assertion_result operator()(boost::unit_test::test_unit_id /*id*/) const {
        const auto probed = sandbox::probe("/tmp", {});
        boost::test_tools::assertion_result result(probed.has_value());
        if (!probed)
            result.message() << probed.error().text;
        return result;
    }
};

} // namespace ice::test
