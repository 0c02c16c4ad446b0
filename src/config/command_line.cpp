#include "config/command_line.h"

#include "base/str.h"

#include <Poco/Util/Option.h>
#include <Poco/Util/OptionException.h>
#include <algorithm>

namespace ice::config {

namespace {

Poco::Util::Option indexed(const Option& option) {
    const std::string letter = option.letter == '\0' ? "" : std::string(1, option.letter);
    Poco::Util::Option entry(option.name, letter, option.help, false);
    if (!option.argument.empty())
        entry.argument(option.argument);
    return entry;
}

/// "-n", or "--nice" for an option without a short form.
std::string short_form(const Option& option) {
    return option.letter == '\0' ? "--" + option.name : std::string{'-', option.letter};
}

/// "  -n, --netname NAME", and the long forms of all options below each other.
std::string both_forms(const Option& option) {
    const std::string letter =
        option.letter == '\0' ? std::string(4, ' ') : std::string{'-', option.letter, ',', ' '};
    return str("  ", letter, "--", option.name, option.argument.empty() ? "" : " ",
               option.argument);
}

} // namespace

CommandLine::CommandLine(std::string program, Options options)
    : program_(std::move(program)), options_(std::move(options)) {
    for (const Option& option : options_)
        index_.addOption(indexed(option));
}

Result<void> CommandLine::apply(std::span<const std::string> arguments) const {
    Rest rest(arguments.begin(), arguments.end());
    bool options_over = false;
    while (!rest.empty()) {
        const std::string argument = std::move(rest.front());
        rest.pop_front();
        Result<void> applied;
        if (argument == "--" && !options_over)
            options_over = true;
        else if (options_over || argument.size() < 2 || argument.front() != '-')
            return Error{Errc::invalid, str("unexpected argument \"", argument, '"')};
        else if (argument.starts_with("--"))
            applied = apply_long(argument, rest);
        else
            applied = apply_letters(argument, rest);
        if (!applied)
            return applied;
    }
    return {};
}

Result<void> CommandLine::apply_long(const std::string& argument, Rest& rest) const {
    const std::size_t equals = argument.find('=');
    const std::string spelled = argument.substr(0, equals);
    const auto option = find_long(spelled.substr(2));
    if (!option)
        return option.error();
    if (equals == std::string::npos)
        return apply_next(**option, spelled, rest);
    if ((*option)->argument.empty())
        return Error{Errc::invalid, str(spelled, " takes no argument")};
    return apply_value(**option, {spelled, argument.substr(equals + 1)});
}

Result<void> CommandLine::apply_letters(const std::string& argument, Rest& rest) const {
    for (std::size_t at = 1; at < argument.size(); ++at) {
        const auto option = find_letter(argument[at]);
        if (!option)
            return option.error();
        const std::string spelled{'-', argument[at]};
        if (!(*option)->argument.empty() && at + 1 < argument.size())
            return apply_value(**option, {spelled, argument.substr(at + 1)});
        if (const auto applied = apply_next(**option, spelled, rest); !applied)
            return applied;
    }
    return {};
}

Result<void> CommandLine::apply_next(const Option& option, std::string spelled, Rest& rest) {
    Use use{std::move(spelled), ""};
    if (option.argument.empty())
        return option.apply(use);
    if (rest.empty())
        return Error{Errc::invalid, str(use.spelled, ' ', option.when_missing)};
    use.value = std::move(rest.front());
    rest.pop_front();
    return apply_value(option, use);
}

Result<void> CommandLine::apply_value(const Option& option, const Use& use) {
    if (!use.value.empty())
        return option.apply(use);
    if (option.empty_is_unset)
        return {};
    return Error{Errc::invalid, str(use.spelled, ' ', option.when_missing)};
}

Result<const Option*> CommandLine::find_long(const std::string& name) const {
    try {
        const std::string& full = index_.getOption(name).fullName();
        if (full.starts_with(name)) // POCO ignores case, getopt_long does not
            return &*std::ranges::find(options_, full, &Option::name);
    } catch (const Poco::Util::AmbiguousOptionException&) {
        return Error{Errc::invalid, str("--", name, " is ambiguous")};
    } catch (const Poco::Util::OptionException&) {
        // Falls through: unknown in any case.
    }
    return Error{Errc::invalid, str("unknown option --", name)};
}

Result<const Option*> CommandLine::find_letter(char letter) const {
    const auto found = std::ranges::find(options_, letter, &Option::letter);
    if (found == options_.end())
        return Error{Errc::invalid, str("unknown option -", letter)};
    return &*found;
}

std::string CommandLine::usage() const {
    std::string line = "usage: " + program_;
    for (const Option& option : options_)
        line +=
            str(" [", short_form(option), option.argument.empty() ? "" : " ", option.argument, ']');
    return line + '\n';
}

std::string CommandLine::help(const std::string& purpose) const {
    std::size_t width = 0;
    for (const Option& option : options_)
        width = std::max(width, both_forms(option).size());
    std::string text = str("Usage: ", program_, " [OPTION...]\n\n", purpose, "\n\nOptions:\n");
    for (const Option& option : options_) {
        const std::string forms = both_forms(option);
        text += str(forms, std::string(width - forms.size() + 2, ' '), option.help, '\n');
    }
    return text + "\nThe exit status is 0 if all went well and 1 if not.\n";
}

} // namespace ice::config
