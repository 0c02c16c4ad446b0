// Source: the translation unit as it is sent to a helper, from the preprocessor or from a file.
#pragma once

#include "base/result.h"
#include "base/unique_fd.h"
#include "icecc/captured_text.h"
#include "icecc/job.h"
#include "icecc/log.h"
#include "proc/child.h"

#include <optional>
#include <string>

namespace ice::icecc {

/// How the preprocessor ended and what it wrote to stderr, which is held back until it is known
/// that no local compile will say the same again.
struct PreprocessorEnd {
    int exit_code = 0;
    std::string text;
};

class Source {
public:
    /// Starts the preprocessor, or opens what is preprocessed already.
    static Result<Source> start(const Job& job, Log& log);

    /// Yields the source until its end.
    [[nodiscard]] int fd() const { return stream_.get(); }

    /// After the end of the source. Dropped before, a Source takes its preprocessor with it.
    Result<PreprocessorEnd> finish();

private:
    explicit Source(UniqueFd stream) : stream_(std::move(stream)) {}
    static Result<Source> preprocess(const Job& job, Log& log);

    UniqueFd stream_;
    std::optional<proc::Child> preprocessor_;
    std::optional<CapturedText> text_;
};

} // namespace ice::icecc
