#include "icecc/recipe.h"

#include "base/str.h"
#include "icecc/dry_run.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstring>

namespace ice::icecc {

namespace {

using Words = std::vector<std::string>;
using Views = std::span<const std::string_view>;

/// Begins every word of ours that stands for a name. No sane command line holds it.
constexpr char mark = '\1';
constexpr std::string_view mark_input = "\1input", mark_base = "\1base", mark_file = "\1file",
                           rule_of_stem = "\1stem.d";

/// Shorter names are found by chance in words that have nothing to do with them.
constexpr std::size_t shortest_stem = 4;

/// The argument is the next word, and is the same for every unit.
constexpr auto with_argument = std::to_array<std::string_view>(
    {"-D", "-U", "-I", "-isystem", "-iquote", "-idirafter", "-include", "-imacros", "-x"});
/// Of those, the ones that name a file or a folder to be read.
constexpr auto with_source = std::to_array<std::string_view>(
    {"-I", "-isystem", "-iquote", "-idirafter", "-include", "-imacros"});
/// The argument is the next word, and names a file of this unit.
constexpr auto with_file = std::to_array<std::string_view>({"-MF", "-MT", "-MQ"});
constexpr auto plain = std::to_array<std::string_view>(
    {"-E", "-MD", "-MMD", "-MP", "-ansi", "-pipe", "-pthread", "-w", "-undef", "-nostdinc",
     "-nostdinc++", "-pedantic", "-pedantic-errors"});
constexpr auto plain_beginnings =
    std::to_array<std::string_view>({"-D", "-U", "-I", "-O", "-W", "-f", "-g", "-m", "-std="});
/// Of those, the ones that name programs or files, or hand options through.
constexpr auto special_beginnings = std::to_array<std::string_view>({"-Wp,",
                                                                     "-Wa,",
                                                                     "-Wl,",
                                                                     "-fplugin",
                                                                     "-fuse-ld",
                                                                     "-fdump",
                                                                     "-fcompare-debug",
                                                                     "-foffload",
                                                                     "-fprofile",
                                                                     "-fauto-profile",
                                                                     "-fopenmp",
                                                                     "-fopenacc",
                                                                     "-flto",
                                                                     "-fmodule",
                                                                     "-fdeps",
                                                                     "-fsave",
                                                                     "-fopt-info",
                                                                     "-fdiagnostics-format",
                                                                     "-gsplit-dwarf",
                                                                     "-fcallgraph",
                                                                     "-fself-test"});
/// What a driver adds: alone; with the next word; and with the folder of its own that this names.
constexpr auto of_driver = std::to_array<std::string_view>({"-quiet"});
constexpr auto of_driver_with_argument =
    std::to_array<std::string_view>({"-imultiarch", "-imultilib", "-dumpbase-ext"});
constexpr auto of_driver_with_folder = std::to_array<std::string_view>({"-iprefix", "-isysroot"});
/// Variables that change with the directory or the shell and that no driver reads.
constexpr auto idle_variables = std::to_array<std::string_view>({"PWD=", "OLDPWD=", "_="});

/// Variables by which a compiler writes to files that no option names: a trial would write twice.
/// And those by which a driver finds its programs and specs, also in folders below the working one.
constexpr auto variables_against =
    std::to_array<std::string_view>({"DEPENDENCIES_OUTPUT=", "SUNPRO_DEPENDENCIES=",
                                     "COMPILER_PATH=", "GCC_EXEC_PREFIX=", "LIBRARY_PATH="});

bool is_one_of(std::string_view word, Views words) {
    return std::ranges::find(words, word) != words.end();
}

bool begins_with_one_of(std::string_view word, Views beginnings) {
    return std::ranges::any_of(beginnings, [&](auto begin) { return word.starts_with(begin); });
}

bool is_plain(std::string_view word) {
    return is_one_of(word, plain) ||
           (begins_with_one_of(word, plain_beginnings) && !is_one_of(word, with_argument) &&
            !begins_with_one_of(word, special_beginnings));
}

std::string_view base_of(std::string_view path) { return path.substr(path.rfind('/') + 1); }

std::string_view stem_of(std::string_view path) {
    const std::string_view base = base_of(path);
    return base.substr(0, base.rfind('.'));
}

/// What of the input's name decides about the language, and whether it is somewhere else.
std::string kind_of(const std::string& input) {
    const std::string_view base = base_of(input);
    const auto dot = base.rfind('.');
    return str(dot == base.npos ? std::string_view() : base.substr(dot),
               base.size() == input.size() ? "" : "/");
}

/// Says where a driver stood, or what is told again by the command.
bool is_idle_line(std::string_view line) {
    constexpr auto beginnings = std::to_array<std::string_view>(
        {"Using built-in specs.", "COLLECT_GCC_OPTIONS=", "OFFLOAD_TARGET_NAMES=",
         "OFFLOAD_TARGET_DEFAULT=", "Target: ", "Configured with: ", "Thread model: ",
         "Supported LTO compression algorithms: ", "gcc version ",
         "COMPILER_PATH=", "LIBRARY_PATH="});
    return line.empty() || begins_with_one_of(line, beginnings);
}

bool has_word(const UnitCommand& command, std::string_view word) {
    return std::ranges::find(command.words, word) != command.words.end();
}

/// Whether `word` may stand behind `before` in a recipe. Files to be written, and to be read beside
/// those of the driver, are never a recipe's own choice.
bool may_follow(const std::string& before, const std::string& word, const UnitCommand& command) {
    if (is_one_of(before, with_file))
        return word.starts_with(mark_file);
    if (before == "-MD" || before == "-MMD")
        return word == rule_of_stem;
    if (before == "-dumpbase")
        return word == mark_base;
    if (is_one_of(before, with_source))
        return has_word(command, word) || has_word(command, str(before, word));
    if (is_one_of(before, of_driver_with_argument))
        return word.find("..") == word.npos;
    return is_one_of(before, with_argument) || is_one_of(before, of_driver_with_folder);
}

bool takes_argument(std::string_view word) {
    return is_one_of(word, with_file) || word == "-MD" || word == "-MMD" || word == "-dumpbase" ||
           is_one_of(word, with_argument) || is_one_of(word, of_driver_with_argument) ||
           is_one_of(word, of_driver_with_folder);
}

bool may_stand_alone(const std::string& word, const UnitCommand& command) {
    if (word.starts_with("-I"))
        return has_word(command, word);
    return word == mark_input || is_plain(word) || is_one_of(word, of_driver);
}

/// Whether a recipe does no more than to read a unit and its headers and to write to stdout and to
/// the rule's file. It comes from a daemon, and runs with its user's rights.
bool is_harmless(const RecipeWords& recipe, const UnitCommand& command) {
    bool only_preprocesses = false;
    for (std::size_t at = 1; at < recipe.size(); ++at) {
        const std::string& word = recipe[at];
        only_preprocesses = only_preprocesses || word == "-E";
        if (takes_argument(word)) {
            if (++at == recipe.size() || !may_follow(word, recipe[at], command))
                return false;
        } else if (!may_stand_alone(word, command)) {
            return false;
        }
    }
    return only_preprocesses;
}

bool is_compiler_proper(std::string_view program) {
    const std::string_view name = base_of(program);
    return program.starts_with('/') && (name == "cc1" || name == "cc1plus");
}

/// The only command of a dry run, if the driver `program` has nothing else to say.
std::optional<Words> only_command(std::string_view text, const std::string& program) {
    constexpr std::string_view driver_mark = "COLLECT_GCC=";
    std::optional<Words> command;
    bool driver_seen = false;
    while (!text.empty()) {
        const std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        if (line.starts_with(driver_mark)) {
            driver_seen = line.substr(driver_mark.size()) == program;
        } else if (line.starts_with(' ')) {
            auto words = words_of_command(line);
            if (command || !words)
                return std::nullopt;
            command = std::move(words);
        } else if (!is_idle_line(line)) {
            return std::nullopt; // a warning, a specs file, or somebody else's words
        }
    }
    return driver_seen ? command : std::nullopt;
}

/// Puts placeholders where the driver wrote names of the unit.
class Abstraction {
public:
    explicit Abstraction(const UnitCommand& command) : command_(command) {}

    std::optional<std::string> word(std::string_view before, const std::string& word) {
        if (is_one_of(before, with_file))
            return file(word);
        if (before == "-MD" || before == "-MMD")
            return expect(word, str(stem_of(command_.input), ".d"), rule_of_stem);
        if (before == "-dumpbase")
            return expect(word, base_of(command_.input), mark_base);
        if (word == command_.input) {
            ++inputs_;
            return std::string(mark_input);
        }
        const bool is_given = has_word(command_, word);
        const bool has_name = word.find(stem_of(command_.input)) != word.npos;
        return has_name && !is_given ? std::nullopt : std::optional(word);
    }

    /// Whether each of the unit's names was met as often as it has to be.
    [[nodiscard]] bool is_complete() const {
        return inputs_ == 1 && files_ == command_.files.size();
    }

private:
    static std::optional<std::string> expect(std::string_view word, std::string_view wanted,
                                             std::string_view placeholder) {
        return word == wanted ? std::optional(std::string(placeholder)) : std::nullopt;
    }
    // By its place, so none may be given twice: a driver may have put them in another order.
    std::optional<std::string> file(const std::string& word) {
        if (files_ == command_.files.size() || command_.files[files_] != word)
            return std::nullopt;
        return str(mark_file, files_++);
    }

    const UnitCommand& command_;
    std::size_t inputs_ = 0, files_ = 0;
};

std::optional<std::string> concrete(const std::string& word, const UnitCommand& command) {
    if (!word.starts_with(mark))
        return word;
    if (word == mark_input)
        return command.input;
    if (word == mark_base)
        return std::string(base_of(command.input));
    if (word == rule_of_stem)
        return str(stem_of(command.input), ".d");
    std::size_t number = command.files.size();
    if (word.starts_with(mark_file))
        std::from_chars(word.data() + mark_file.size(), word.data() + word.size(), number);
    return number < command.files.size() ? std::optional(command.files[number]) : std::nullopt;
}

} // namespace

std::optional<UnitCommand> take_names_out(std::span<const std::string> arguments,
                                          const std::string& input) {
    UnitCommand command{.words = {}, .input = input, .files = {}};
    bool input_seen = false;
    for (std::size_t at = 0; at < arguments.size(); ++at) {
        const std::string& word = arguments[at];
        if (word.find(mark) != word.npos)
            return std::nullopt;
        const bool takes_next = is_one_of(word, with_argument),
                   takes_file = is_one_of(word, with_file);
        if (word == input && !input_seen && !word.starts_with('-')) {
            input_seen = true;
            command.words.push_back(str(mark_input, kind_of(input)));
            continue;
        }
        if (!takes_next && !takes_file && !is_plain(word))
            return std::nullopt;
        command.words.push_back(word);
        if (!takes_next && !takes_file)
            continue;
        if (++at == arguments.size() || arguments[at].find(mark) != word.npos)
            return std::nullopt;
        if (takes_file && (arguments[at] == "-" || arguments[at].starts_with("/dev/")))
            return std::nullopt;
        if (takes_file && std::ranges::find(command.files, arguments[at]) != command.files.end())
            return std::nullopt;
        if (takes_file)
            command.files.push_back(arguments[at]);
        command.words.push_back(takes_file ? std::string(mark_file) : arguments[at]);
    }
    // Without -MF the rule goes to a file whose name the driver makes up.
    if ((has_word(command, "-MD") || has_word(command, "-MMD")) && !has_word(command, "-MF"))
        return std::nullopt;
    return input_seen ? std::optional(std::move(command)) : std::nullopt;
}

std::optional<std::string> recipe_key(const UnitCommand& command, const std::string& program,
                                      std::string_view program_state,
                                      std::span<const char* const> environment) {
    constexpr std::string_view end("\0", 1);
    Fingerprint print;
    const auto add = [&](std::string_view text) {
        print.add(text);
        print.add(end);
    };
    add(program);
    add(program_state);
    for (const std::string& word : command.words)
        add(word);
    add({});
    for (const char* const variable : environment) {
        if (begins_with_one_of(variable, variables_against))
            return std::nullopt;
        if (!begins_with_one_of(variable, idle_variables))
            add(variable);
    }
    return print.text();
}

bool can_teach(const UnitCommand& command) {
    return stem_of(command.input).size() >= shortest_stem;
}

std::optional<RecipeWords> recipe_from(std::string_view dry_run, const std::string& program,
                                       const UnitCommand& command) {
    const auto words = only_command(dry_run, program);
    if (!can_teach(command) || !words || words->empty() || !is_compiler_proper(words->front()))
        return std::nullopt;
    RecipeWords recipe;
    Abstraction abstraction(command);
    std::string_view before;
    for (const std::string& word : *words) {
        auto abstract = abstraction.word(before, word);
        if (!abstract || word.find(mark) != word.npos)
            return std::nullopt;
        recipe.push_back(*std::move(abstract));
        before = word;
    }
    const bool is_good = abstraction.is_complete() && is_harmless(recipe, command);
    return is_good ? std::optional(std::move(recipe)) : std::nullopt;
}

std::optional<Words> follow(const RecipeWords& recipe, const UnitCommand& command) {
    if (recipe.empty() || !is_compiler_proper(recipe.front()) || !is_harmless(recipe, command))
        return std::nullopt;
    Words words;
    for (const std::string& word : recipe) {
        auto made = concrete(word, command);
        if (!made)
            return std::nullopt;
        words.push_back(*std::move(made));
    }
    return words;
}

std::vector<std::string> places_of(const Words& command) {
    std::vector<std::string> places(command.begin(), command.begin() + 1);
    for (std::size_t at = 1; at < command.size(); ++at)
        if (is_one_of(command[at - 1], of_driver_with_folder))
            places.push_back(command[at]);
    return places;
}

std::optional<std::string> variable_of_driver(const Words& command) {
    const auto option = std::ranges::find(command, "-iprefix");
    if (option == command.end() || option + 1 == command.end())
        return std::nullopt;
    // PREFIX/machine/version/, as the driver makes it (measured: gcc 12.2).
    std::string_view prefix = *(option + 1);
    for (int component = 0; component < 2; ++component) {
        prefix = prefix.substr(0, prefix.find_last_not_of('/') + 1);
        prefix = prefix.substr(0, prefix.rfind('/') + 1);
    }
    return str("GCC_EXEC_PREFIX=", prefix);
}

/// The factor (PCG's) is odd, so that nothing is lost, and has bits everywhere, so that each bit of
/// a word reaches the upper half, which the next word cannot undo. Folded, because the product's
/// upper half would never reach its lower one.
Fingerprint::Wide Fingerprint::mix(Wide state, std::uint64_t word) {
    constexpr Wide factor = wide(0x2360ed051fc65da4, 0x4385df649fccf645);
    state = (state ^ word) * factor;
    return state ^ state >> 64;
}

void Fingerprint::add(std::string_view bytes) {
    while (!bytes.empty()) {
        const std::size_t filled = size_ % sizeof word_;
        const std::size_t size = std::min(sizeof word_ - filled, bytes.size());
        std::memcpy(reinterpret_cast<char*>(&word_) + filled, bytes.data(), size);
        size_ += size;
        bytes.remove_prefix(size);
        if (size_ % sizeof word_ == 0) {
            state_ = mix(state_, word_);
            word_ = 0;
        }
    }
}

std::string Fingerprint::text() const {
    constexpr std::string_view digits = "0123456789abcdef";
    const Wide state = this->state();
    std::string text;
    for (int shift = 124; shift >= 0; shift -= 4)
        text += digits[static_cast<std::size_t>(state >> shift) & 15];
    return text;
}

} // namespace ice::icecc
