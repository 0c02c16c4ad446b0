// Command lines for the log.
#pragma once

#include <string>
#include <vector>

namespace ice::icecc {

/// The words with single blanks between them.
[[nodiscard]] inline std::string joined(const std::vector<std::string>& words) {
    std::string line;
    for (const std::string& word : words) {
        if (!line.empty())
            line += ' ';
        line += word;
    }
    return line;
}

} // namespace ice::icecc
