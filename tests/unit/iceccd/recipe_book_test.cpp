#include "iceccd/recipe_book.h"

#include "base/str.h"
#include "iceccd/limits.h"

#include <boost/test/unit_test.hpp>

using namespace ice;
using iceccd::RecipeBook;
using iceccd::Time;
using State = wire::RecipeState;

namespace {

const wire::StringList words{"/usr/lib/gcc/cc1", "-E", "\1input"};

struct Fixture {
    RecipeBook book;
    Time now{};

    State ask(std::uint32_t user = 7, const std::string& key = "k") {
        return book.ask(user, key, now).state;
    }
    void teach(State state, const wire::StringList& taught = words, std::uint32_t user = 7) {
        book.teach(user, {.key = "k", .state = state, .words = taught}, now);
    }
    void prove() {
        ask();
        teach(State::taught);
        teach(State::proven);
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(recipe_book, Fixture)

BOOST_AUTO_TEST_CASE(wants_what_is_asked_for_twice) {
    BOOST_TEST((ask() == State::unknown));
    BOOST_TEST((ask() == State::wanted));
    BOOST_TEST((ask(7, "other") == State::unknown));
}

BOOST_AUTO_TEST_CASE(asks_one_client_at_a_time_to_find_out) {
    ask();
    BOOST_TEST((ask() == State::wanted));
    BOOST_TEST((ask() == State::unknown));
    now += iceccd::lesson_time; // that client went away
    BOOST_TEST((ask() == State::wanted));
    teach(State::taught);
    BOOST_TEST((ask() == State::taught));
    BOOST_TEST((ask() == State::unknown));
    teach(State::proven);
    BOOST_TEST((ask() == State::proven));
    BOOST_TEST((ask() == State::proven));
}

BOOST_AUTO_TEST_CASE(learns_and_is_sure_when_another_says_the_same) {
    ask();
    teach(State::taught);
    BOOST_TEST((ask() == State::taught));
    teach(State::proven);
    BOOST_TEST((ask() == State::proven));
    BOOST_TEST(book.ask(7, "k", now).words == words);
}

BOOST_AUTO_TEST_CASE(proves_only_the_words_it_gave_out) {
    ask();
    teach(State::proven);
    BOOST_TEST((ask() == State::wanted));
    teach(State::taught);
    teach(State::proven, {"/tmp/cc1"});
    BOOST_TEST((ask() == State::taught));
    teach(State::taught, {"/tmp/cc1"});
    now += iceccd::lesson_time;
    BOOST_TEST(book.ask(7, "k", now).words == words);
}

BOOST_AUTO_TEST_CASE(keeps_users_apart) {
    prove();
    BOOST_TEST((ask(8) == State::unknown));
    teach(State::unfit, {}, 9); // who never asked
    BOOST_TEST((ask(9) == State::unknown));
    BOOST_TEST((ask() == State::proven));
}

BOOST_AUTO_TEST_CASE(forgets_what_is_unfit_and_what_is_old) {
    prove();
    teach(State::unfit);
    BOOST_TEST((ask() == State::unfit));
    BOOST_TEST(book.ask(7, "k", now).words.empty());
    now += iceccd::recipe_age + std::chrono::seconds(1);
    BOOST_TEST((ask() == State::wanted));
    teach(State::taught);
    teach(State::proven);
    now += iceccd::recipe_age + std::chrono::seconds(1);
    BOOST_TEST((ask() == State::wanted));
}

BOOST_AUTO_TEST_CASE(takes_neither_states_of_its_own_nor_giants) {
    ask();
    for (const auto state : {State::unknown, State::wanted, static_cast<State>(99)})
        teach(state);
    BOOST_TEST((ask() == State::wanted));
    now += iceccd::lesson_time;
    teach(State::taught, {std::string(iceccd::max_recipe_bytes, 'x')});
    BOOST_TEST((ask() == State::wanted));
    now += iceccd::lesson_time;
    teach(State::taught, wire::StringList(iceccd::max_recipe_bytes / sizeof(std::string) + 1));
    BOOST_TEST((ask() == State::wanted));
    BOOST_TEST((ask(7, std::string(iceccd::max_recipe_key + 1, 'k')) == State::unfit));
}

BOOST_AUTO_TEST_CASE(drops_what_was_not_asked_for_longest) {
    prove();
    for (std::size_t i = 0; i < 3 * iceccd::max_recipes; ++i) {
        now += std::chrono::milliseconds(1);
        ask(8, str(i));
        BOOST_TEST((i % 100 != 0 || ask() == State::proven));
    }
    BOOST_TEST(book.size() == iceccd::max_recipes);
}

BOOST_AUTO_TEST_SUITE_END()
