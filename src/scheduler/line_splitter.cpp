#include "scheduler/line_splitter.h"

#include "base/str.h"
#include "scheduler/limits.h"

#include <utility>

namespace ice::scheduler {

Result<std::vector<std::string>> LineSplitter::feed(std::string_view bytes) {
    std::vector<std::string> lines;
    for (const char byte : bytes) {
        const bool second_half = after_return_ && byte == '\n';
        after_return_ = byte == '\r';
        if (second_half)
            continue;
        if (static_cast<unsigned char>(byte) < ' ') {
            lines.push_back(std::exchange(partial_, {}));
            continue;
        }
        if (partial_.size() == max_control_line)
            return Error{Errc::limit, str("a command longer than ", max_control_line, " bytes")};
        partial_ += byte;
    }
    return lines;
}

} // namespace ice::scheduler
