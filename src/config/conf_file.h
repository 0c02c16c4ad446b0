// Reading /etc/conf.d files: the subset of sh that needs no shell.
//
// Such a file is a shell script that OpenRC sources. We read what people write in them
// (assignments, quotes, references to earlier variables) and refuse the rest by line, without ever
// executing anything: a refused assignment leaves its variable alone and reading goes on. A file
// that stays in this subset means the same to sh (tested against dash). Pure: text in, values out.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace ice::config {

/// Larger files are refused as a whole, longer values one by one: `A=$A$A` doubles.
inline constexpr std::size_t max_conf_file_size = 1U << 20;
inline constexpr std::size_t max_conf_value_size = 64U << 10;

struct ConfValue {
    std::string value;
    int line = 0; ///< of the assignment that counts, the last one
};

struct ConfComplaint {
    int line = 0;
    std::string text; ///< "needs a shell: command substitution"
};

struct ConfFile {
    std::map<std::string, ConfValue> values;
    std::vector<ConfComplaint> complaints;
};

/// `known` are variables the file may refer to without setting them, such as RC_SVCNAME.
[[nodiscard]] ConfFile parse_conf_file(std::string_view text,
                                       const std::map<std::string, std::string>& known = {});

} // namespace ice::config
