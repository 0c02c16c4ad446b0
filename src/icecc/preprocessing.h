// Preprocessing: what runs to preprocess a unit, gcc's driver or the compiler proper by a recipe
// (recipe.h), and what this unit teaches about recipes while a helper compiles it.
#pragma once

#include "icecc/daemon_session.h"
#include "icecc/job.h"
#include "icecc/log.h"
#include "icecc/recipe.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace ice::icecc {

class Preprocessing {
public:
    /// Asks the daemon for a recipe, unless there can be none or the daemon is not ours.
    Preprocessing(const Job& job, DaemonSession& daemon, Log& log);

    /// What to run, its program first.
    [[nodiscard]] const std::vector<std::string>& command() const { return command_; }

    /// All variables that it needs, as NAME=value; nothing: ours.
    [[nodiscard]] const std::optional<std::vector<std::string>>& environment() const {
        return environment_;
    }

    /// The next bytes of what that wrote.
    void look_at(std::span<const char> piece);

    /// It ended well and wrote `text` to stderr. Takes a moment the first few times, so it is
    /// called when there is nothing to do but to wait.
    void learn(const std::string& text);

    /// It failed, as the unit may well deserve: the driver says what there is to say, here and,
    /// lest a recipe be wrong, for the next units too.
    void distrust();

private:
    void choose(const Job& job);
    [[nodiscard]] std::optional<RecipeWords> ask_driver() const;
    [[nodiscard]] bool is_proven(const std::string& text) const;
    void teach(wire::RecipeState state, const RecipeWords& words);

    DaemonSession& daemon_;
    Log& log_;
    std::vector<std::string> command_;
    std::optional<std::vector<std::string>> environment_;
    std::vector<std::string> driver_command_;
    std::optional<UnitCommand> unit_; ///< if there can be a recipe
    std::string key_;
    wire::Recipe known_; ///< what the daemon knows of it
    Fingerprint output_; ///< of the driver's output, while a recipe is on trial
};

} // namespace ice::icecc
