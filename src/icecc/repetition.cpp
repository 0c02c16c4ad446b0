#include "icecc/repetition.h"

#include "icecc/limits.h"
#include "icecc/read_file.h"

#include <sys/random.h>

namespace ice::icecc {

bool is_to_be_repeated(const Job& job, int rate) {
    if (rate <= 0 || job.is_clang() || job.analysis.writes_dwo)
        return false;
    std::uint32_t draw = 0;
    return ::getrandom(&draw, sizeof draw, 0) == sizeof draw &&
           draw % 1000 < static_cast<std::uint32_t>(rate);
}

bool have_same_content(const std::string& one, const std::string& other) {
    const auto first = read_file(one, max_output_bytes);
    const auto second = read_file(other, max_output_bytes);
    return first && second && *first && *second && **first == **second;
}

} // namespace ice::icecc
