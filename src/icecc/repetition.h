// ICECC_REPEAT_RATE: now and then a job is done by several helpers, whose objects must be the same.
#pragma once

#include "icecc/job.h"

#include <string>

namespace ice::icecc {

/// How often a job is done again; upstream's does it three times in all.
inline constexpr int repetitions = 2;

/// Draws `rate` of a thousand. Not for clang, as upstream has it, and not where there is a second
/// file, which bears the name of the first.
[[nodiscard]] bool is_to_be_repeated(const Job& job, int rate);

/// False also if one of them cannot be read.
[[nodiscard]] bool have_same_content(const std::string& one, const std::string& other);

} // namespace ice::icecc
