#include "iceccd/worker_receive.h"

#include "env/pack.h"
#include "host_environment.h"
#include "net/channel.h"
#include "net/wait.h"
#include "proc/pipe.h"
#include "proc/privileges.h"
#include "report.h"
#include "wire/chunk.h"
#include "wire/links.h"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <poll.h>
#include <sstream>
#include <sys/stat.h>
#include <unistd.h>

using namespace ice;
using namespace std::chrono_literals;

namespace {

constexpr auto patience = 60s;

bool is_root(boost::unit_test::test_unit_id) { return ::geteuid() == 0; }

net::Deadline soon() { return net::Clock::now() + patience; }

/// A store, an archive worth installing, and a client that uploads.
struct Upload {
    Upload() : scratch({}), store(open_store(scratch.path() + "/store")) {
        const auto made = env::pack({.members = {{"bin/true", env::HostFile{"/bin/true"}},
                                                 {"usr/bin/as", env::HostFile{"/bin/true"}}},
                                     .directory = scratch.path()});
        BOOST_REQUIRE(made);
        packed = *made;
        std::stringstream content;
        content << std::ifstream(scratch.path() + "/" + made->file_name).rdbuf();
        archive = content.str();
    }

    iceccd::ReceiveReport send(const std::string& bytes, iceccd::ReceiveTask task = {},
                               bool complete = true, const std::string& behind = "") {
        task.id = id;
        task.peer = "client";
        task.version = wire::our_version;
        auto pair = proc::make_socketpair();
        BOOST_REQUIRE(pair);
        auto worker = iceccd::start_receive(pair->theirs.get(), store, task);
        BOOST_REQUIRE(worker);
        {
            net::Channel client(std::move(pair->ours), "helper", wire::our_version);
            wire::ChunkCompressor compressor;
            for (std::string_view rest = bytes; !rest.empty();) {
                const auto piece = rest.substr(0, wire::stream_piece_size);
                BOOST_REQUIRE(client.send(compressor.compress(piece, client.version()), soon()));
                rest.remove_prefix(piece.size());
            }
            if (complete)
                BOOST_REQUIRE(client.send(wire::End(), soon()));
            if (!behind.empty())
                BOOST_REQUIRE(client.send(wire::StatusText{behind}, soon()));
        }
        const auto report = test::report_of(*worker);
        BOOST_REQUIRE(report);
        return std::get<iceccd::ReceiveReport>(*report);
    }

    static env::Store open_store(const std::string& base) {
        const proc::ActingAs nobody({65534, 65534}); // who the worker is, if we are root
        return *env::Store::open(base);
    }

    test::HostEnvironment scratch;
    env::Store store;
    env::Packed packed;
    std::string archive;
    env::EnvironmentId id{"x86_64", "env"};
};

} // namespace

BOOST_AUTO_TEST_SUITE(worker_receive)

BOOST_AUTO_TEST_CASE(an_upload_is_installed_and_described) {
    Upload upload;
    const auto report = upload.send(upload.archive);
    BOOST_TEST(report.error == "");
    BOOST_TEST(report.installed);
    BOOST_TEST(!report.already_installed);
    BOOST_TEST(!report.broken);
    BOOST_TEST(report.digest == upload.packed.sha256);
    BOOST_TEST(report.unpacked_kib > 0U);
    BOOST_TEST(upload.store.is_installed(upload.id));
}

BOOST_AUTO_TEST_CASE(an_upload_is_unpacked_by_nobody_in_particular,
                     *boost::unit_test::precondition(is_root)) {
    Upload upload;
    upload.send(upload.archive);
    struct stat status {};
    const std::string file = upload.store.path_of(upload.id) + "/bin/true";
    BOOST_REQUIRE(::stat(file.c_str(), &status) == 0);
    BOOST_TEST(status.st_uid == 65534U);
    BOOST_TEST(status.st_gid == 65534U);
}

BOOST_AUTO_TEST_CASE(what_follows_the_upload_goes_back_to_the_daemon) {
    Upload upload;
    const auto report = upload.send(upload.archive, {}, true, "next");
    const auto next = *wire::encode(wire::StatusText{"next"}, wire::our_version);
    BOOST_TEST(report.unread.bytes == next.substr(next.size() - report.unread.bytes.size()));
}

BOOST_AUTO_TEST_CASE(what_is_installed_is_left_alone_and_the_upload_read) {
    Upload upload;
    BOOST_TEST(upload.send(upload.archive).installed);
    const auto report = upload.send(upload.archive);
    BOOST_TEST(report.installed);
    BOOST_TEST(report.already_installed);
    BOOST_TEST(report.digest == upload.packed.sha256);
    BOOST_TEST(upload.store.is_installed(upload.id));
}

BOOST_AUTO_TEST_CASE(an_upload_nobody_needs_is_read_and_dropped) {
    Upload upload;
    const auto report = upload.send("whatever", {.mode = iceccd::UploadMode::drain});
    BOOST_TEST(!report.broken);
    BOOST_TEST(report.already_installed);
    BOOST_TEST(!upload.store.is_installed(upload.id));
}

BOOST_AUTO_TEST_CASE(a_replacement_replaces) {
    Upload upload;
    BOOST_TEST(upload.send(upload.archive).installed);
    const auto report = upload.send(upload.archive, {.mode = iceccd::UploadMode::replace});
    BOOST_TEST(report.installed);
    BOOST_TEST(!report.already_installed);
}

BOOST_AUTO_TEST_CASE(an_upload_that_trickles_is_given_up) {
    Upload upload;
    auto pair = proc::make_socketpair();
    BOOST_REQUIRE(pair);
    auto worker = iceccd::start_receive(
        pair->theirs.get(), upload.store,
        {.id = upload.id, .peer = "client", .version = wire::our_version, .idle = 100ms});
    BOOST_REQUIRE(worker);
    net::Channel client(std::move(pair->ours), "helper", wire::our_version);
    wire::ChunkCompressor compressor;
    int pieces = 0;
    const auto given_up = [&] {
        return net::wait_until_ready(worker->report.get(), POLLIN, net::Clock::now() + 20ms, "")
            .has_value();
    };
    for (; !given_up() && pieces < 1000; ++pieces)
        BOOST_REQUIRE(client.send(compressor.compress("x", client.version()), soon()));
    BOOST_TEST(pieces < 1000);
    const auto report = test::report_of(*worker);
    BOOST_REQUIRE(report);
    BOOST_TEST(std::get<iceccd::ReceiveReport>(*report).broken);
}

BOOST_AUTO_TEST_CASE(rubbish_is_refused_and_the_connection_survives) {
    Upload upload;
    const auto report = upload.send(std::string(500'000, 'r'));
    BOOST_TEST(!report.installed);
    BOOST_TEST(!report.broken);
    BOOST_TEST(report.error != "");
    BOOST_TEST(!upload.store.is_installed(upload.id));
    BOOST_TEST(upload.send(upload.archive).installed);
}

BOOST_AUTO_TEST_CASE(an_archive_that_is_not_what_its_digest_says_is_removed) {
    Upload upload;
    const auto report = upload.send(upload.archive, {.expected_digest = std::string(64, '0')});
    BOOST_TEST(!report.installed);
    BOOST_TEST(report.error.find("digest") != std::string::npos);
    BOOST_TEST(!upload.store.is_installed(upload.id));
    BOOST_TEST(upload.send(upload.archive, {.expected_digest = upload.packed.sha256}).installed);
}

BOOST_AUTO_TEST_CASE(a_client_that_vanishes_leaves_nothing) {
    Upload upload;
    const auto report = upload.send(upload.archive.substr(0, 1000), {}, false);
    BOOST_TEST(!report.installed);
    BOOST_TEST(report.broken);
    BOOST_TEST(!upload.store.is_installed(upload.id));
}

BOOST_AUTO_TEST_SUITE_END()
