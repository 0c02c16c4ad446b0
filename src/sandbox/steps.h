// Confinement as what it is: an ordered list of named steps, of which none may fail.
#pragma once

#include "base/check.h"
#include "base/result.h"
#include "base/str.h"

#include <span>
#include <string_view>

namespace ice::sandbox {

template <class Context>
struct Step {
    const char* name;
    Result<void> (*act)(Context&);
};

/// What a step's last system call returned.
inline Result<void> succeeded(int rc, std::string_view what) {
    if (rc < 0)
        return system_error(what);
    return {};
}

/// Takes the steps in order; the first failure stops and says at which step. Its code is always
/// Errc::unsupported: this host does not let us confine.
template <class Context>
Result<void> take(std::span<const Step<Context>> steps, Context& context) {
    for (const Step<Context>& step : steps)
        if (const auto done = step.act(context); !done)
            return Error{Errc::unsupported,
                         str("cannot confine: ", step.name, ": ", done.error().text)};
    return {};
}

} // namespace ice::sandbox
