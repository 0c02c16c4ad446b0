// What the tests of both command lines share: surroundings of their own choice.
#pragma once

#include "config/common.h"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

namespace ice::config {

using Arguments = std::vector<std::string>;

/// A user called "builder", and accounts of the names "icecc" (if `has_icecc`) and "root".
inline Surroundings surroundings_of(unsigned uid, bool has_icecc = true,
                                    std::map<std::string, std::string> environment = {}) {
    return {.environment = std::move(environment),
            .self = {"builder", uid, uid},
            .find_account = [=](const std::string& name) -> std::optional<Account> {
                if (name == "icecc" && has_icecc)
                    return Account{name, 106, 112};
                if (name == "root")
                    return Account{name, 0, 0};
                return std::nullopt;
            },
            .find_group = [](const std::string& name) -> std::optional<unsigned> {
                return name == "builders" ? std::optional(77U) : std::nullopt;
            },
            .usual_files = {},
            .is_file = [](const std::string&) { return false; },
            .read_file = [](const std::string&) -> Result<std::string> {
                return Error{Errc::not_found, "there is no such file"};
            },
            .fault_of_directory =
                [](const std::string& directory) {
                    return directory == "/noexec" ? std::string("it is noexec") : std::string();
                }};
}

/// The same with these files, of which "/etc/a" and "/etc/b" are the usual ones.
inline Surroundings with_files(Surroundings surroundings,
                               std::map<std::string, std::string> files) {
    surroundings.usual_files = {"/etc/a", "/etc/b"};
    surroundings.is_file = [files](const std::string& path) { return files.contains(path); };
    surroundings.read_file = [files](const std::string& path) -> Result<std::string> {
        const auto found = files.find(path);
        if (found == files.end())
            return Error{Errc::not_found, "there is no such file"};
        return found->second;
    };
    return surroundings;
}

template <class Config>
Config accepted(Parsed<Config> parsed) {
    if (const Exit* exit = std::get_if<Exit>(&parsed))
        BOOST_FAIL(exit->text);
    return std::get<Config>(std::move(parsed));
}

/// The first line of what is printed before leaving, and the status.
template <class Config>
std::pair<int, std::string> refused(const Parsed<Config>& parsed) {
    const Exit* exit = std::get_if<Exit>(&parsed);
    BOOST_REQUIRE(exit != nullptr);
    return {exit->status, exit->text.substr(0, exit->text.find('\n'))};
}

/// For the names of data-driven tests: the words of a command line.
struct Words {
    Arguments arguments;
};
inline std::ostream& operator<<(std::ostream& out, const Words& words) {
    for (const std::string& argument : words.arguments)
        out << '[' << argument << ']';
    return out;
}

} // namespace ice::config
