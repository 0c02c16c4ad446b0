// CommandLine: takes arguments the way getopt_long does, and applies the rows of an option table.
//
// POCO's OptionSet is the table's index. Its OptionProcessor is not used: it rejects "-vvv", splits
// "-shost:port" at the colon, and cannot tell an empty argument from a missing one; its lookup
// ignores case, which is put right here; and its HelpFormatter writes "-pPORT" and "--port=PORT" as
// one word.
#pragma once

#include "base/result.h"
#include "config/option.h"

#include <Poco/Util/OptionSet.h>

#include <deque>
#include <span>
#include <string>
#include <string_view>

namespace ice::config {

class CommandLine {
public:
    CommandLine(std::string program, Options options);

    /// Applies every option in order. The first failure ends it: its text is the reason line.
    [[nodiscard]] Result<void> apply(std::span<const std::string> arguments) const;

    /// One line, as upstream prints it after a reason.
    [[nodiscard]] std::string usage() const;
    /// What the program is for, and every option with its explanation.
    [[nodiscard]] std::string help(const std::string& purpose) const;

private:
    using Rest = std::deque<std::string>; ///< arguments not looked at yet

    Result<void> apply_long(const std::string& argument, Rest& rest) const;
    Result<void> apply_letters(const std::string& argument, Rest& rest) const;
    Result<const Option*> find_long(const std::string& name) const;
    Result<const Option*> find_letter(char letter) const;
    static Result<void> apply_next(const Option& option, std::string spelled, Rest& rest);
    static Result<void> apply_value(const Option& option, const Use& use);

    std::string program_;
    Options options_;
    Poco::Util::OptionSet index_;
};

} // namespace ice::config
