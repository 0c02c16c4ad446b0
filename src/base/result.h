// Result<T>: a value or an Error, for everything that can fail because of the outside world.
//
// The method names are those of std::expected (C++23), so that this can become an alias once both
// compilers have it. Errors of our own making are not Results: they are ASSERTs (base/assert.h).
#pragma once

#include "base/assert.h"

#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace ice {

/// What kind of thing went wrong, for code that must decide. The text is for people.
enum class Errc {
    invalid,     ///< the input breaks its grammar: a frame, an archive, an option
    limit,       ///< the input is well formed and larger than we accept
    unsupported, ///< understood, and not something this build or this peer can do
    closed,      ///< the other side ended the conversation
    timeout,     ///< a deadline passed
    not_found,   ///< a file, program or environment that should exist does not
    denied,      ///< permission, policy or missing privilege
    exists,      ///< what was to be created is there already
    system,      ///< a system call failed for any other reason
};

/// A failure: its kind, and one line that says what was attempted, on whom, and why it failed.
struct Error {
    Errc code = Errc::system;
    std::string text;

    /// The same failure seen from one level up: "reading env.tar: unexpected end".
    [[nodiscard]] Error in(std::string_view what) const {
        return {code, std::string(what) + ": " + text};
    }
};

template <class T>
class [[nodiscard]] Result {
public:
    Result(T value) : content_(std::in_place_index<0>, std::move(value)) {}
    Result(Error error) : content_(std::in_place_index<1>, std::move(error)) {}

    [[nodiscard]] bool has_value() const noexcept { return content_.index() == 0; }
    explicit operator bool() const noexcept { return has_value(); }

    T& value() & {
        ASSERT(has_value());
        return std::get<0>(content_);
    }
    const T& value() const& {
        ASSERT(has_value());
        return std::get<0>(content_);
    }
    T&& value() && {
        ASSERT(has_value());
        return std::get<0>(std::move(content_));
    }

    T& operator*() & { return value(); }
    const T& operator*() const& { return value(); }
    T&& operator*() && { return std::move(*this).value(); }
    T* operator->() { return &value(); }
    const T* operator->() const { return &value(); }

    [[nodiscard]] const Error& error() const {
        ASSERT(!has_value());
        return std::get<1>(content_);
    }

    template <class U>
    [[nodiscard]] T value_or(U&& other) const& {
        return has_value() ? value() : static_cast<T>(std::forward<U>(other));
    }

private:
    std::variant<T, Error> content_;
};

/// A Result that carries no value: done, or an Error.
template <>
class [[nodiscard]] Result<void> {
public:
    Result() = default;
    Result(Error error) : failed_(true), error_(std::move(error)) {}

    [[nodiscard]] bool has_value() const noexcept { return !failed_; }
    explicit operator bool() const noexcept { return has_value(); }

    [[nodiscard]] const Error& error() const {
        ASSERT(failed_);
        return error_;
    }

private:
    bool failed_ = false;
    Error error_;
};

} // namespace ice
