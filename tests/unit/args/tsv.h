// The tab-separated files in tests/data.
#pragma once

#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace ice::args {

inline std::vector<std::string> split(const std::string& line, char separator) {
    std::vector<std::string> fields{""};
    for (const char c : line) {
        if (c == separator) {
            fields.emplace_back();
        } else {
            fields.back() += c;
        }
    }
    return fields;
}

/// The rows of a file, without its comments.
inline std::vector<std::vector<std::string>> read_tsv(const std::string& name) {
    std::ifstream file(ICECC_TEST_DATA "/" + name);
    if (!file) {
        throw std::runtime_error("cannot read " + name);
    }
    std::vector<std::vector<std::string>> rows;
    for (std::string line; std::getline(file, line);) {
        if (!line.empty() && !line.starts_with('#')) {
            rows.push_back(split(line, '\t'));
        }
    }
    return rows;
}

} // namespace ice::args
