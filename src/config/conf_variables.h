// What the ICECREAM_... variables of configuration files mean: rows, applied like options.
//
// The same file serves both daemons and the service scripts, so each program knows all names and
// applies its own. A value it cannot use stops a daemon, for a misread ICECREAM_ALLOW must not
// leave the door open; a name nobody knows is only remarked upon.
#pragma once

#include "base/result.h"
#include "config/option.h"
#include "config/surroundings.h"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace ice::config {

struct Variable {
    std::string name;
    /// Gets a value that is not empty, with the name as what the user spelled.
    std::function<Result<void>(const Use&)> apply;
};
using Variables = std::vector<Variable>;

/// Something to say about a line of a file.
struct Finding {
    std::string file;
    int line = 0; ///< 0: the file as a whole
    std::string text;
    bool fatal = false;
};

/// "FILE:LINE: text", or without the line.
[[nodiscard]] std::string describe(const Finding& finding);

/// Where a value comes from.
struct Setting {
    std::string value;
    std::string file;
    int line = 0;
};

/// The ICECREAM_... variables of some files, read one after the other: the last assignment counts,
/// and a later file may refer to what an earlier one set, as in sh.
struct Settings {
    std::map<std::string, Setting> values;
    std::vector<Finding> findings;
};

/// A file that cannot be read is a fatal finding.
[[nodiscard]] Settings read_settings(const std::vector<std::string>& files,
                                     const Surroundings& surroundings);

/// Applies the rows in their order, each with its value unless that is empty.
void apply_settings(const Variables& rows, Settings& settings);

/// Remarks on names that are in none of these tables.
void find_strangers(const std::vector<const Variables*>& tables, Settings& settings);

/// What only the service scripts use: nothing is kept, but values can be checked.
[[nodiscard]] Variables service_variables();

/// How values are taken that options do not check, or spell otherwise.
[[nodiscard]] std::function<Result<void>(const Use&)> path_into(std::string& target);
[[nodiscard]] std::function<Result<void>(const Use&)> word_into(std::string& target);
[[nodiscard]] std::function<Result<void>(const Use&)> verbosity_into(unsigned& target);
/// yes, true, on, 1 and their opposites, in any case.
[[nodiscard]] Result<bool> parse_yes_no(const std::string& text);

} // namespace ice::config
