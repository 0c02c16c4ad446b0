// Source: the translation unit as it is sent to a helper, from the preprocessor or from a file.
#pragma once

#include "base/result.h"
#include "base/unique_fd.h"
#include "icecc/captured_text.h"
#include "icecc/job.h"
#include "icecc/log.h"
#include "proc/child.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace ice::icecc {

/// How the preprocessor ended and what it wrote to stderr, which is held back until it is known
/// that no local compile will say the same again.
struct PreprocessorEnd {
    int exit_code = 0;
    std::string text;
};

class Source {
public:
    using Words = std::vector<std::string>;

    /// Starts the preprocessor by the given command and with these variables, or ours, or opens
    /// what is preprocessed already.
    static Result<Source> start(const Job& job, const Words& preprocessor,
                                std::optional<Words> environment, Log& log);

    /// The next bytes of the source; fewer than asked for mean its end.
    Result<std::size_t> read(std::span<char> into);

    /// After the end of the source. Dropped before, a Source takes its preprocessor with it.
    Result<PreprocessorEnd> finish();

private:
    explicit Source(UniqueFd stream) : stream_(std::move(stream)) {}
    static Result<Source> preprocess(const Words& command, std::optional<Words> environment,
                                     Log& log);
    void let_it_fill(std::size_t wanted) const;

    UniqueFd stream_;
    std::string heading_;   ///< what is left to send before the stream
    bool is_roomy_ = false; ///< the pipe holds so much that the writer need not be watched closely
    std::optional<proc::Child> preprocessor_;
    std::optional<CapturedText> text_;
};

} // namespace ice::icecc
