// ReducedSource: a source on its way to a helper, without what a CommentFilter takes out of it.
#pragma once

#include "icecc/comment_filter.h"
#include "icecc/helper_session.h"

#include <optional>
#include <span>
#include <string>

namespace ice::icecc {

struct Job;

class ReducedSource {
public:
    /// Without a dialect the source stays as it is.
    ReducedSource(ReadPiece read, std::optional<Dialect> dialect);

    /// The next bytes; none at the end. A construct as long as `into` makes the filter give up.
    Result<std::size_t> read(std::span<char> into);

private:
    ReadPiece read_;
    CommentFilter filter_;
    std::string rest_; ///< read, but not looked at in full
};

/// Nothing if the comments of this unit may mean something: to the user, who asked for them or for
/// warnings about system headers, or to a helper whose language has other comments.
[[nodiscard]] std::optional<Dialect> dialect_to_reduce(const Job& job);

} // namespace ice::icecc
