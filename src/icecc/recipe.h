// Recipe: the compiler proper's command line, as gcc's driver writes it for certain options.
//
// Of the processor time that preprocessing a small C file takes, the driver needs a seventh (gcc
// 12: 2 of 14 ms), only to work out from its options and its specs what it worked out for the unit
// before. So that is learned once, from what the driver says with -###, and cc1 is called without
// it for other units with the same options.
//
// Nothing is taken for granted: the key holds everything the driver may look at except the names of
// this unit's files; options about which this is not certain have no recipe; and before a recipe is
// used, another unit has shown that it gives the driver's own words and the driver's own bytes
// (preprocessing.h). Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ice::icecc {

using RecipeWords = std::vector<std::string>;

/// A preprocessor's command, with the names of this unit's files taken out.
struct UnitCommand {
    std::vector<std::string> words; ///< without the program, with placeholders for the names
    std::string input;
    std::vector<std::string> files; ///< what followed -MF, -MT and -MQ, in order
};

/// Nothing for a command with any option that makes a driver look at more than its options, or that
/// we do not know.
[[nodiscard]] std::optional<UnitCommand> take_names_out(std::span<const std::string> arguments,
                                                        const std::string& input);

/// Everything a driver may look at: the command, the program and the state of its file, and the
/// environment, as a digest. Equal keys mean equal recipes. Nothing if the environment makes
/// compilers write files that no option names.
[[nodiscard]] std::optional<std::string> recipe_key(const UnitCommand& command,
                                                    const std::string& program,
                                                    std::string_view program_state,
                                                    std::span<const char* const> environment);

/// Whether this unit's name is long enough to be told from other words.
[[nodiscard]] bool can_teach(const UnitCommand& command);

/// From what the driver `program` said with -### about this unit. Nothing if it said anything but
/// one plain call of cc1 or cc1plus.
[[nodiscard]] std::optional<RecipeWords>
recipe_from(std::string_view dry_run, const std::string& program, const UnitCommand& command);

/// The compiler proper's words for this unit, its program first. Nothing for words that are no
/// recipe, or that would do more than to preprocess.
[[nodiscard]] std::optional<std::vector<std::string>> follow(const RecipeWords& recipe,
                                                             const UnitCommand& command);

/// What of a command that follow() made is not of the user's choice: its program, and the folders
/// below which it looks for headers.
[[nodiscard]] std::vector<std::string> places_of(const std::vector<std::string>& command);

/// What a driver that is not where it was built to be tells the compiler proper by a variable, of
/// which -iprefix is only half, as NAME=value. Without both the compiler looks for headers in other
/// places. Nothing for other drivers.
[[nodiscard]] std::optional<std::string>
variable_of_driver(const std::vector<std::string>& command);

/// A digest of bytes that come in pieces; where one ends is no part of it. Fast, and good against
/// chance alone: nobody has to be kept from finding two texts with the same one.
class Fingerprint {
public:
    void add(std::string_view bytes);
    [[nodiscard]] std::string text() const;
    bool operator==(const Fingerprint& other) const { return state() == other.state(); }

private:
    __extension__ using Wide = unsigned __int128;
    static constexpr Wide wide(std::uint64_t high, std::uint64_t low) {
        return static_cast<Wide>(high) << 64 | low;
    }
    [[nodiscard]] static Wide mix(Wide state, std::uint64_t word);
    /// Of all bytes.
    [[nodiscard]] Wide state() const { return mix(mix(state_, word_), size_); }

    Wide state_ = wide(0x6c62272e07bb0142, 0x62b821756295c58d); ///< of whole words
    std::uint64_t word_ = 0;                                    ///< the bytes of the next one
    std::uint64_t size_ = 0;                                    ///< in bytes
};

} // namespace ice::icecc
