// Violation: something that must always hold did not. Ends the run.
#pragma once

#include "base/str.h"

#include <stdexcept>

namespace ice::sim {

class Violation : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// Throws unless `holds`. The text is made only then.
template <class... Parts>
void require(bool holds, const Parts&... parts) {
    if (!holds)
        throw Violation(str(parts...));
}

} // namespace ice::sim
