// RecipeBook: what clients taught of how the driver calls the compiler proper (icecc/recipe.h).
//
// Each user has pages of his own, because a recipe names a program that its reader will run. What
// the words mean is the clients' business; here they are kept for a while and counted.
#pragma once

#include "iceccd/now.h"
#include "wire/messages.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>

namespace ice::iceccd {

class RecipeBook {
public:
    /// `wanted` and `taught` ask for a lesson: one client at a time is told so, others `unknown`.
    wire::Recipe ask(std::uint32_t user, const std::string& key, Time now);

    /// Not about a key that nobody asked for, and nothing that is out of order: a recipe is taught
    /// where it is wanted and proven by who was given the very same words.
    void teach(std::uint32_t user, const wire::TeachRecipe& lesson, Time now);

    [[nodiscard]] std::size_t size() const noexcept { return pages_.size(); }

private:
    using Key = std::pair<std::uint32_t, std::string>;
    struct Page {
        wire::Recipe recipe;
        Time since;          ///< when it was taught or proven, or found unfit
        Time last_use;       ///< when it was last asked for
        Time lesson_until{}; ///< until then a client is about to teach what is wanted
    };

    void make_room();

    std::map<Key, Page> pages_;
};

} // namespace ice::iceccd
