// check() and system_error(): one way to turn a failed system call into an exception or an Error.
#pragma once

#include "base/result.h"

#include <stdexcept>
#include <string_view>

namespace ice {

/// Thrown where nobody near can go on: start-up, constructors, calls that never fail in health.
class SystemError : public std::runtime_error {
public:
    SystemError(int error_number, std::string_view what);
    [[nodiscard]] int error_number() const noexcept { return error_number_; }

private:
    int error_number_;
};

/// Returns `rc` unless it is negative; then throws SystemError with errno and `what`.
int check(int rc, std::string_view what);
long check(long rc, std::string_view what);

/// errno as an Error: "connect to 10.0.0.7:10245: Connection refused". Call it at once.
[[nodiscard]] Error system_error(std::string_view what);
[[nodiscard]] Error system_error(int error_number, std::string_view what);

} // namespace ice
