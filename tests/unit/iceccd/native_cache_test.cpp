#include "iceccd/native_cache.h"

#include "iceccd/source_stamp.h"

#include <boost/test/unit_test.hpp>

using namespace ice;
using namespace ice::iceccd;
using namespace std::chrono_literals;

namespace {

struct CacheFixture {
    std::map<std::string, FileStamp> files{
        {"/bin/gcc", {1, 1, 1}}, {"/bin/g++", {1, 1, 2}}, {"/bin/clang", {1, 1, 3}}};
    Now now{Time(1h), 1000};
    NativeCache cache{{.builders = 1, .entries = 2}, [this](const std::string& path) {
                          const auto found = files.find(path);
                          return found == files.end() ? std::nullopt : std::optional(found->second);
                      }};
    const NativeRequest gcc{"/bin/gcc", {}, "zstd"};
    const NativeRequest clang{"/bin/clang", {}, "zstd"};

    [[nodiscard]] bool waits(SessionId id, const NativeRequest& request) {
        return std::holds_alternative<NativeCache::Waiting>(cache.ask(id, request, now));
    }
    /// What is answered at once, or "".
    [[nodiscard]] std::string path(const NativeRequest& request) {
        const auto answer = cache.ask(99, request, now);
        const auto* archive = std::get_if<BuiltArchive>(&answer);
        return archive == nullptr ? "" : archive->path;
    }
    NativeCache::Outcome built(const NativeRequest& request, const std::string& archive) {
        files[archive] = {5, 5, 5};
        return cache.on_built(request.key(), BuiltArchive{archive, "digest", 100}, now);
    }
    void make(const NativeRequest& request, const std::string& archive) {
        BOOST_REQUIRE(waits(1, request));
        BOOST_REQUIRE(cache.next_build().has_value());
        built(request, archive);
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(native_cache, CacheFixture)

BOOST_AUTO_TEST_CASE(builds_once_and_answers_all_who_waited) {
    BOOST_TEST(waits(1, gcc));
    BOOST_TEST(waits(2, gcc));
    BOOST_TEST(cache.next_build()->compiler == "/bin/gcc");
    BOOST_TEST(!cache.next_build().has_value());
    BOOST_TEST(waits(3, gcc));
    const auto outcome = built(gcc, "/native/a.tar");
    BOOST_TEST(outcome.waiting == (std::vector<SessionId>{1, 2, 3}),
               boost::test_tools::per_element());
    BOOST_TEST(path(gcc) == "/native/a.tar");
}

BOOST_AUTO_TEST_CASE(builds_again_when_a_watched_file_changed) {
    make(gcc, "/native/a.tar");
    files["/bin/g++"].modified_ns = 2;
    BOOST_TEST(waits(2, gcc));
    BOOST_TEST(cache.next_build().has_value());
    const auto outcome = built(gcc, "/native/b.tar");
    BOOST_TEST(outcome.obsolete == std::vector<std::string>{"/native/a.tar"},
               boost::test_tools::per_element());
    BOOST_TEST(path(gcc) == "/native/b.tar");
}

BOOST_AUTO_TEST_CASE(builds_again_when_the_compiler_changed_while_it_was_packed) {
    BOOST_TEST(waits(1, gcc));
    BOOST_TEST(cache.next_build().has_value());
    files["/bin/gcc"].modified_ns = 2;
    built(gcc, "/native/a.tar");
    BOOST_TEST(path(gcc) == "");
}

// A new binutils: the driver is as it was, but the objects are not.
BOOST_AUTO_TEST_CASE(builds_again_when_something_packed_changed) {
    files["/bin/as"] = {1, 1, 7};
    BOOST_REQUIRE(waits(1, gcc));
    BOOST_REQUIRE(cache.next_build().has_value());
    files["/native/a.tar"] = {5, 5, 5};
    cache.on_built(gcc.key(),
                   BuiltArchive{"/native/a.tar", "digest", 100, {{"/bin/as", {1, 1, 7}}}}, now);
    now.time += 2s;
    BOOST_TEST(path(gcc) == "/native/a.tar");
    files["/bin/as"].inode = 8;
    BOOST_TEST(path(gcc) == "/native/a.tar"); // looked at a moment ago
    now.time += 2s;
    BOOST_TEST(waits(2, gcc));
    BOOST_TEST(cache.next_build().has_value());
    // What is gone has changed, too.
    cache.on_built(gcc.key(),
                   BuiltArchive{"/native/a.tar", "digest", 100, {{"/bin/as", {1, 1, 8}}}}, now);
    now.time += 2s;
    files.erase("/bin/as");
    BOOST_TEST(path(gcc) == "");
}

BOOST_AUTO_TEST_CASE(reads_what_an_archive_is_made_of) {
    const auto stamp = parse_stamp("4 5 6 /a b");
    BOOST_REQUIRE(stamp.has_value());
    BOOST_TEST(stamp->first == "/a b");
    BOOST_TEST((stamp->second == FileStamp{4, 5, 6}));
    for (const char* wrong : {"", "1 2 3", "1 2 3 relative", "x 2 3 /a", "1 2 /a"})
        BOOST_TEST(!parse_stamp(wrong).has_value());
}

BOOST_AUTO_TEST_CASE(builds_again_when_the_archive_is_gone) {
    make(gcc, "/native/a.tar");
    files.erase("/native/a.tar");
    BOOST_TEST(waits(2, gcc));
    BOOST_TEST(cache.next_build().has_value());
    BOOST_TEST(built(gcc, "/native/a.tar").obsolete.empty()); // the same content, the same name
}

BOOST_AUTO_TEST_CASE(says_that_a_compiler_or_extra_file_is_missing) {
    const auto missing = cache.ask(1, {"/bin/none", {}, "zstd"}, now);
    BOOST_TEST(std::get<Error>(missing).text.find("/bin/none") != std::string::npos);
    const auto extra = cache.ask(1, {"/bin/gcc", {"/no/file"}, "zstd"}, now);
    BOOST_TEST(std::get<Error>(extra).text.find("/no/file") != std::string::npos);
    BOOST_TEST(!cache.next_build().has_value());
}

BOOST_AUTO_TEST_CASE(does_without_a_cxx_compiler_and_notices_a_new_one) {
    make(clang, "/native/c.tar");
    BOOST_TEST(path(clang) == "/native/c.tar");
    files["/bin/clang++"] = {1, 1, 4};
    BOOST_TEST(path(clang) == "");
}

BOOST_AUTO_TEST_CASE(bounds_the_builders) {
    BOOST_TEST(waits(1, gcc));
    BOOST_TEST(waits(2, clang));
    BOOST_TEST(cache.next_build().has_value());
    BOOST_TEST(!cache.next_build().has_value());
    built(cache.entries().at(gcc.key()).state == NativeCache::Entry::State::building ? gcc : clang,
          "/native/x.tar");
    BOOST_TEST(cache.next_build().has_value());
}

BOOST_AUTO_TEST_CASE(bounds_the_entries_by_dropping_the_one_used_longest_ago) {
    make(gcc, "/native/a.tar");
    now.time += 1s;
    make(clang, "/native/c.tar");
    now.time += 1s;
    files["/bin/cc"] = {1, 1, 5};
    const NativeRequest cc{"/bin/cc", {}, "zstd"};
    BOOST_TEST(waits(3, cc));
    BOOST_TEST(!cache.entries().contains(gcc.key()));
    BOOST_TEST(cache.next_build().has_value());
    BOOST_TEST(built(cc, "/native/d.tar").obsolete == std::vector<std::string>{"/native/a.tar"},
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(refuses_when_every_entry_is_being_made) {
    BOOST_TEST(waits(1, gcc));
    BOOST_TEST(waits(2, clang));
    files["/bin/cc"] = {1, 1, 5};
    const auto answer = cache.ask(3, {"/bin/cc", {}, "zstd"}, now);
    BOOST_TEST((std::get<Error>(answer).code == Errc::limit));
}

BOOST_AUTO_TEST_CASE(tries_again_after_a_failure) {
    BOOST_TEST(waits(1, gcc));
    BOOST_TEST(cache.next_build().has_value());
    const auto outcome = cache.on_built(gcc.key(), Error{Errc::system, "no space"}, now);
    BOOST_TEST(outcome.waiting.size() == 1U);
    BOOST_TEST(waits(1, gcc));
    BOOST_TEST(cache.next_build().has_value());
}

BOOST_AUTO_TEST_CASE(makes_it_again_for_who_asks_after_a_change_during_packing) {
    BOOST_TEST(waits(1, gcc));
    BOOST_TEST(cache.next_build().has_value());
    files["/bin/gcc"].modified_ns += 1;
    BOOST_TEST(waits(2, gcc));
    BOOST_TEST(!cache.next_build().has_value());
    const std::vector<SessionId> first = built(gcc, "/native/old.tar").waiting;
    BOOST_TEST(first == std::vector<SessionId>{1}, boost::test_tools::per_element());
    BOOST_TEST(waits(3, gcc)); // what was made is of yesterday already
    BOOST_TEST(cache.next_build().has_value());
    const auto outcome = built(gcc, "/native/new.tar");
    BOOST_TEST(outcome.waiting == (std::vector<SessionId>{2, 3}), boost::test_tools::per_element());
    BOOST_TEST(outcome.obsolete == std::vector<std::string>{"/native/old.tar"},
               boost::test_tools::per_element());
    BOOST_TEST(!waits(4, gcc));
}

BOOST_AUTO_TEST_CASE(makes_it_again_for_latecomers_when_the_first_try_fails) {
    BOOST_TEST(waits(1, gcc));
    BOOST_TEST(cache.next_build().has_value());
    files["/bin/gcc"].modified_ns += 1;
    BOOST_TEST(waits(2, gcc));
    BOOST_TEST(waits(3, gcc));
    cache.forget(3);
    const auto outcome = cache.on_built(gcc.key(), Error{Errc::system, "no space"}, now);
    BOOST_TEST(outcome.waiting == std::vector<SessionId>{1}, boost::test_tools::per_element());
    BOOST_TEST(cache.next_build().has_value());
    BOOST_TEST(built(gcc, "/native/new.tar").waiting == std::vector<SessionId>{2},
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(forgets_who_does_not_wait_any_longer) {
    BOOST_TEST(waits(1, gcc));
    BOOST_TEST(waits(2, gcc));
    cache.forget(1);
    BOOST_TEST(cache.next_build().has_value());
    BOOST_TEST(built(gcc, "/native/a.tar").waiting.size() == 1U);
}

BOOST_AUTO_TEST_CASE(keeps_an_archive_that_another_key_shares) {
    make(gcc, "/native/a.tar");
    NativeRequest same = gcc;
    same.extra_files = {"/bin/g++"};
    make(same, "/native/a.tar");
    BOOST_TEST(!cache.evict(same.key()).has_value());
    BOOST_TEST(cache.evict(gcc.key()).value() == "/native/a.tar");
}

BOOST_AUTO_TEST_SUITE_END()
