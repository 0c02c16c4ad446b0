#include "iceccd/recipe_book.h"

#include "iceccd/limits.h"

#include <algorithm>

namespace ice::iceccd {

namespace {

using State = wire::RecipeState;

/// In memory, where even an empty word takes some.
std::size_t bytes_of(const wire::StringList& words) {
    std::size_t bytes = 0;
    for (const std::string& word : words)
        bytes += sizeof word + word.size();
    return bytes;
}

} // namespace

void RecipeBook::make_room() {
    if (pages_.size() < max_recipes)
        return;
    pages_.erase(std::ranges::min_element(pages_, {},
                                          [](const auto& item) { return item.second.last_use; }));
}

wire::Recipe RecipeBook::ask(std::uint32_t user, const std::string& key, Time now) {
    if (key.size() > max_recipe_key)
        return {.state = State::unfit, .words = {}};
    const auto found = pages_.find({user, key});
    if (found == pages_.end()) {
        make_room();
        pages_[{user, key}] = {{.state = State::wanted, .words = {}}, now, now};
        return {}; // units that are the only ones of their kind cost nothing
    }
    Page& page = found->second;
    if (page.recipe.state != State::wanted && now - page.since > recipe_age)
        page.recipe = {.state = State::wanted, .words = {}};
    page.last_use = now;
    if (page.recipe.state == State::wanted || page.recipe.state == State::taught) {
        if (now < page.lesson_until)
            return {}; // what one client finds out costs the others nothing
        page.lesson_until = now + lesson_time;
    }
    return page.recipe;
}

void RecipeBook::teach(std::uint32_t user, const wire::TeachRecipe& lesson, Time now) {
    const auto found = pages_.find({user, lesson.key});
    if (found == pages_.end() || bytes_of(lesson.words) > max_recipe_bytes)
        return;
    Page& page = found->second;
    const bool is_known = page.recipe.state == State::taught && page.recipe.words == lesson.words;
    const bool in_order = lesson.state == State::unfit ||
                          (lesson.state == State::taught && page.recipe.state == State::wanted) ||
                          (lesson.state == State::proven && is_known);
    if (!in_order)
        return;
    page.recipe = {.state = lesson.state, .words = lesson.words};
    if (lesson.state == State::unfit)
        page.recipe.words.clear();
    page.since = now;
    page.lesson_until = now;
}

} // namespace ice::iceccd
