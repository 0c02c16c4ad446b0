// @file words: replaced by the words in the file, as gcc and clang do it.
#pragma once

#include "base/result.h"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ice::args {

/// As many expansions as upstream and gcc (libiberty) allow; a file that names itself ends here.
constexpr std::size_t max_response_files = 2000;
/// Bytes in all response files of one command. Long links have a few megabytes.
constexpr std::size_t max_response_bytes = std::size_t{64} << 20;

/// The file's content; nothing if there is no such readable file (the word then stays as it is);
/// an Error for what cannot be a response file, such as a directory.
using ReadFile = std::function<Result<std::optional<std::string>>(const std::string& path)>;

/// The words of one file: blanks separate, quotes group, a backslash makes the next character
/// plain.
[[nodiscard]] std::vector<std::string> split_response_text(std::string_view text);

[[nodiscard]] Result<std::vector<std::string>>
expand_response_files(const std::vector<std::string>& words, const ReadFile& read_file);

} // namespace ice::args
