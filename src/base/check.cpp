#include "base/check.h"

#include "base/str.h"

#include <cerrno>
#include <system_error>

namespace ice {

namespace {

std::string describe(int error_number, std::string_view what) {
    return str(what, ": ", std::generic_category().message(error_number));
}

Errc kind_of(int error_number) {
    switch (error_number) {
    case ENOENT:
    case ENOTDIR:
        return Errc::not_found;
    case EACCES:
    case EPERM:
    case EROFS:
        return Errc::denied;
    case EEXIST:
        return Errc::exists;
    case ETIMEDOUT:
        return Errc::timeout;
    case EPIPE:
    case ECONNRESET:
        return Errc::closed;
    default:
        return Errc::system;
    }
}

template <class Number>
Number checked(Number rc, std::string_view what) {
    if (rc < 0)
        throw SystemError(errno, what);
    return rc;
}

} // namespace

SystemError::SystemError(int error_number, std::string_view what)
    : std::runtime_error(describe(error_number, what)), error_number_(error_number) {}

int check(int rc, std::string_view what) { return checked(rc, what); }
long check(long rc, std::string_view what) { return checked(rc, what); }

Error system_error(std::string_view what) { return system_error(errno, what); }

Error system_error(int error_number, std::string_view what) {
    return {kind_of(error_number), describe(error_number, what)};
}

} // namespace ice
