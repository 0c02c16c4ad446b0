#include "log/log.h"

#include "base/unique_fd.h"
#include "log/hang_up.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace ice;
using namespace ice::log;

namespace {

/// A directory of its own for each test, gone afterwards.
class Directory {
public:
    Directory() {
        std::string path = (std::filesystem::temp_directory_path() / "log_test.XXXXXX").string();
        BOOST_REQUIRE(::mkdtemp(path.data()) != nullptr);
        path_ = path;
    }
    ~Directory() { std::filesystem::remove_all(path_); }

    [[nodiscard]] std::string file(const std::string& name) const { return path_ / name; }
    void write(const std::string& name, const std::string& text) const {
        std::ofstream(file(name)) << text;
    }
    [[nodiscard]] std::string read(const std::string& name) const {
        std::ifstream input(file(name));
        return {std::istreambuf_iterator<char>(input), {}};
    }

private:
    std::filesystem::path path_;
};

/// The text with a 9 for every digit.
std::string nines(std::string text) {
    std::ranges::replace_if(
        text, [](char c) { return c >= '0' && c <= '9'; }, '9');
    return text;
}

struct Fixture {
    Directory directory;

    [[nodiscard]] Log open(Level level) const {
        return *Log::open({.level = level, .file = directory.file("log")});
    }
    [[nodiscard]] std::string logged() const { return directory.read("log"); }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(log_lines, Fixture)

BOOST_AUTO_TEST_CASE(a_line_has_process_id_date_time_and_text) {
    Log log = open(Level::error);
    log.error("job ", 7, " is gone");
    const std::string prefix = "[" + std::to_string(::getpid()) + "] ";
    BOOST_TEST(logged().starts_with(prefix));
    BOOST_TEST(nines(logged().substr(prefix.size())) == "9999-99-99 99:99:99: job 9 is gone\n");
}

BOOST_AUTO_TEST_CASE(lines_below_the_level_are_left_out) {
    Log log = open(Level::info);
    log.warning("one");
    log.info("two");
    log.debug("three");
    BOOST_TEST(logged().find("one") != std::string::npos);
    BOOST_TEST(logged().find("two") != std::string::npos);
    BOOST_TEST(logged().find("three") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(each_v_adds_a_level_up_to_debug) {
    BOOST_TEST((level_of(0) == Level::error));
    BOOST_TEST((level_of(2) == Level::info));
    BOOST_TEST((level_of(9) == Level::debug));
}

BOOST_AUTO_TEST_CASE(a_peers_text_cannot_forge_a_line) {
    Log log = open(Level::error);
    log.error("login \r\n[1] 2000-01-01 00:00:00: forged\x7f");
    BOOST_TEST(logged().find("login   [1] 2000-01-01 00:00:00: forged \n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(appends_to_what_others_wrote) {
    directory.write("log", "theirs\n");
    Log log = open(Level::error);
    log.error("ours");
    BOOST_TEST(logged().starts_with("theirs\n["));
}

BOOST_AUTO_TEST_CASE(after_rotation_reopen_writes_a_new_file) {
    Log log = open(Level::error);
    log.error("before");
    std::filesystem::rename(directory.file("log"), directory.file("log.1"));
    BOOST_REQUIRE(log.reopen());
    log.error("after");
    BOOST_TEST(logged().find("before") == std::string::npos);
    BOOST_TEST(logged().find("after") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_failed_reopen_keeps_the_old_file) {
    Log log = open(Level::error);
    std::filesystem::rename(directory.file("log"), directory.file("log.1"));
    std::filesystem::create_directory(directory.file("log"));
    BOOST_TEST(!log.reopen());
    log.error("still here");
    BOOST_TEST(directory.read("log.1").find("still here") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_file_that_cannot_be_opened_is_an_error_that_names_it) {
    const auto log = Log::open({.file = directory.file("no/log")});
    BOOST_REQUIRE(!log);
    BOOST_TEST(log.error().text.find(directory.file("no/log")) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_forked_worker_writes_its_own_process_id) {
    Log log = open(Level::error);
    const pid_t worker = ::fork();
    if (worker == 0) {
        log.error("from the worker");
        ::_exit(0);
    }
    ::waitpid(worker, nullptr, 0);
    BOOST_TEST(logged().starts_with("[" + std::to_string(worker) + "] "));
}

BOOST_AUTO_TEST_CASE(a_pipe_that_nobody_reads_does_not_stop_the_program) {
    int ends[2];
    BOOST_REQUIRE(::pipe(ends) == 0);
    const UniqueFd reader(ends[0]), writer(ends[1]);
    Log log = *Log::open({.level = Level::info, .descriptor = writer.get()});
    const std::string text(300, 'x');
    for (int i = 0; i < 1000; ++i) // more than any pipe holds unless it was made larger
        log.info(text);
    std::array<char, 1 << 20> buffer;
    BOOST_TEST(::read(reader.get(), buffer.data(), buffer.size()) > 0);
    log.info("back again");
    const ssize_t got = ::read(reader.get(), buffer.data(), buffer.size());
    BOOST_TEST(std::string(buffer.data(), static_cast<std::size_t>(got)).ends_with("back again\n"));
}

BOOST_AUTO_TEST_CASE(a_named_pipe_without_reader_is_an_error_at_once) {
    BOOST_REQUIRE(::mkfifo(directory.file("log").c_str(), 0600) == 0);
    BOOST_TEST(!Log::open({.file = directory.file("log")}).has_value());
}

BOOST_AUTO_TEST_CASE(hanging_up_reopens_then_marks_then_copies_the_header) {
    directory.write("mark", "=3=\nnot this\n");
    directory.write("header", "====\nTest 3\n====\nnot this\n");
    Log log = open(Level::debug);
    std::filesystem::rename(directory.file("log"), directory.file("log.1"));
    hang_up(log, {directory.file("mark"), directory.file("header")});
    BOOST_TEST(logged().ends_with(": flush log mark: =3=\n====\nTest 3\n====\n"));
}

BOOST_AUTO_TEST_CASE(hanging_up_without_hooks_writes_nothing) {
    directory.write("empty", "");
    Log log = open(Level::debug);
    hang_up(log, {});
    hang_up(log, {directory.file("empty"), directory.file("absent")});
    BOOST_TEST(logged().empty());
}

BOOST_AUTO_TEST_SUITE_END()
