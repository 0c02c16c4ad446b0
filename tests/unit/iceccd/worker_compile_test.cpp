// A fake client at the other end of a socket pair, and a "gcc" that is a shell script doing what
// its first flag says; then the real gcc of this host.
#include "iceccd/worker_compile.h"

#include "confinable.h"
#include "host_environment.h"
#include "net/channel.h"
#include "net/wait.h"
#include "proc/pipe.h"
#include "proc/spawn.h"
#include "report.h"
#include "wire/chunk.h"
#include "wire/links.h"

#include <boost/test/unit_test.hpp>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <poll.h>
#include <sstream>
#include <sys/socket.h>

using namespace ice;
using namespace std::chrono_literals;

namespace {

constexpr auto patience = 60s;
constexpr wire::Version plain39{39, 0};

net::Deadline soon() { return net::Clock::now() + patience; }

/// $out is the output's name; the first flag, $3, is run.
constexpr const char* fake_gcc = "#!/bin/sh\nfor out; do :; done\neval \"$3\"\n";

const test::HostEnvironment& environment() {
    static const auto made = [] {
        auto environment = std::make_unique<test::HostEnvironment>(
            std::vector<std::string>{"/bin/sh", "/usr/bin/cat", "/usr/bin/head", "/usr/bin/sleep",
                                     "/usr/bin/id", "/usr/bin/ln"});
        environment->add_script("/usr/bin/gcc", fake_gcc);
        environment->add_script("/usr/bin/clang", "#!/nonexistent/interpreter\n");
        return environment;
    }();
    return *made;
}

wire::CompileFile request(const std::string& script) {
    wire::CompileFile request;
    request.flags = {script};
    request.remote_flags = {script};
    request.compiler_name = "gcc";
    request.working_directory = "/home/user";
    request.output_file = "x.o";
    return request;
}

/// A running compile worker and the client it serves.
struct Job {
    explicit Job(const wire::CompileFile& file, wire::Version version = wire::our_version,
                 const std::string& root = environment().path(), iceccd::CompileTimes times = {},
                 const std::string& unread = "")
        : client(UniqueFd(), "none") {
        auto pair = proc::make_socketpair();
        BOOST_REQUIRE(pair);
        iceccd::CompileTask task{.request = file,
                                 .peer = "client",
                                 .version = version,
                                 .unread = unread,
                                 .environment = root,
                                 .times = times};
        auto started = iceccd::start_compile(pair->theirs.get(), task);
        BOOST_REQUIRE(started);
        worker.emplace(*std::move(started));
        client = net::Channel(std::move(pair->ours), "helper", version);
    }

    void send_source(std::string_view source) {
        wire::ChunkCompressor compressor;
        for (; !source.empty();
             source.remove_prefix(std::min(source.size(), wire::stream_piece_size)))
            BOOST_REQUIRE(client.send(
                compressor.compress(source.substr(0, wire::stream_piece_size), client.version()),
                soon()));
    }
    void end_source() { BOOST_REQUIRE(client.send(wire::End(), soon())); }

    wire::FromHelper receive() {
        auto message = client.receive<wire::FromHelper>(soon());
        BOOST_REQUIRE_MESSAGE(message, (message ? "" : message.error().text));
        return *std::move(message);
    }
    wire::CompileResult result() {
        auto message = receive();
        BOOST_REQUIRE(std::holds_alternative<wire::CompileResult>(message));
        return std::get<wire::CompileResult>(std::move(message));
    }
    std::string file() {
        std::string content;
        for (;;) {
            const auto message = receive();
            if (std::holds_alternative<wire::End>(message))
                return content;
            if (const auto* named = std::get_if<wire::ResultFile>(&message))
                content += "<" + named->name + ">";
            else
                content += *wire::open_chunk(std::get<wire::FileChunk>(message));
        }
    }
    iceccd::CompileReport report() {
        const auto message = test::report_of(*worker);
        BOOST_REQUIRE_MESSAGE(message, (message ? "" : message.error().text));
        return std::get<iceccd::CompileReport>(*message);
    }
    void expect_end() {
        BOOST_TEST(!client.receive<wire::FromHelper>(soon()).has_value());
        const auto status = worker->child.wait(soon());
        BOOST_REQUIRE(status);
        BOOST_TEST(status->success());
    }

    std::optional<iceccd::Worker> worker;
    net::Channel client;
};

/// A compile whose source is complete.
Job complete(const wire::CompileFile& file, wire::Version version = wire::our_version) {
    Job job(file, version);
    job.send_source("source\n");
    job.end_source();
    return job;
}

bool is(iceccd::CompileOutcome a, iceccd::CompileOutcome b) { return a == b; }

} // namespace

BOOST_AUTO_TEST_SUITE(worker_compile, *boost::unit_test::precondition(test::Confinable()))

BOOST_AUTO_TEST_CASE(a_good_compile_returns_its_texts_and_its_object) {
    Job job = complete(request("cat >$out; echo warning >&2; echo note; pwd"));
    const auto result = job.result();
    BOOST_TEST(result.status == 0);
    BOOST_TEST(result.err.bytes == "warning\n");
    BOOST_TEST(result.out.bytes == "note\n/home/user\n");
    BOOST_TEST(!result.was_out_of_memory);
    BOOST_TEST(result.file_count == 1U);
    BOOST_TEST(job.file() == "<x.o>source\n");
    const auto report = job.report();
    BOOST_CHECK(is(report.outcome, iceccd::CompileOutcome::exited));
    BOOST_TEST(report.exit_code == 0);
    BOOST_TEST(report.in_uncompressed == 7U);
    BOOST_TEST(report.in_compressed > 0U);
    BOOST_TEST(report.out_uncompressed == 7U);
    BOOST_TEST(report.page_faults > 0U);
    BOOST_TEST(report.note == "");
    job.expect_end();
}

BOOST_AUTO_TEST_CASE(bytes_behind_the_request_belong_to_the_source) {
    wire::ChunkCompressor compressor;
    const auto chunk = compressor.compress("early ", wire::our_version);
    Job job(request("cat >$out"), wire::our_version, environment().path(), {},
            *wire::encode(chunk, wire::our_version));
    job.send_source("late");
    job.end_source();
    BOOST_TEST(job.result().status == 0);
    BOOST_TEST(job.file() == "<x.o>early late");
}

BOOST_AUTO_TEST_CASE(an_upstream_client_gets_unnamed_files_and_the_dwo) {
    Job job = complete(request("cat >$out; echo debug >x.dwo; echo more >y"), wire::plain_version);
    const auto result = job.result();
    BOOST_TEST(result.have_dwo_file);
    BOOST_TEST(job.file() == "source\n");
    BOOST_TEST(job.file() == "debug\n");
    job.expect_end();
}

BOOST_AUTO_TEST_CASE(our_client_gets_every_file_by_name) {
    Job job = complete(request("cat >$out; echo debug >x.dwo; echo more >y.su"));
    const auto result = job.result();
    BOOST_TEST(result.file_count == 3U);
    BOOST_TEST(job.file() == "<x.o>source\n");
    BOOST_TEST(job.file() == "<x.dwo>debug\n");
    BOOST_TEST(job.file() == "<y.su>more\n");
    job.expect_end();
}

BOOST_AUTO_TEST_CASE(a_client_below_40_speaks_lzo) {
    Job job = complete(request("cat >$out"), plain39);
    BOOST_TEST(job.result().status == 0);
    BOOST_TEST(job.file() == "source\n");
}

BOOST_AUTO_TEST_CASE(a_failing_compile_returns_no_files) {
    Job job = complete(request("cat >$out; echo error >&2; exit 3"));
    const auto result = job.result();
    BOOST_TEST(result.status == 3);
    BOOST_TEST(result.err.bytes == "error\n");
    BOOST_TEST(result.file_count == 0U);
    BOOST_TEST(!result.was_out_of_memory);
    BOOST_TEST(job.report().exit_code == 3);
    job.expect_end();
}

BOOST_AUTO_TEST_CASE(a_compiler_that_is_killed_makes_the_client_compile_locally) {
    Job job = complete(request("kill -SEGV $$"));
    const auto result = job.result();
    BOOST_TEST(result.status == 105);
    BOOST_TEST(result.was_out_of_memory);
    BOOST_TEST(result.signal == static_cast<std::uint32_t>(SIGSEGV));
    const auto report = job.report();
    BOOST_CHECK(is(report.outcome, iceccd::CompileOutcome::killed));
    BOOST_TEST(report.signal == static_cast<std::uint32_t>(SIGSEGV));
}

BOOST_AUTO_TEST_CASE(running_out_of_memory_or_disk_is_not_the_sources_fault) {
    Job job = complete(request("echo out of memory allocating 1 byte >&2; exit 1"));
    const auto result = job.result();
    BOOST_TEST(result.status == 105);
    BOOST_TEST(result.was_out_of_memory);
    BOOST_TEST(job.report().exit_code == 1);
    Job full = complete(request("cat /dev/zero >/full 2>/dev/null; exit 1"));
    BOOST_TEST(full.result().was_out_of_memory);
}

BOOST_AUTO_TEST_CASE(more_words_than_a_message_holds_are_cut_and_nothing_is_lost_but_them) {
    Job job = complete(request("cat >$out; head -c 3000000 /dev/zero >&2; echo note"));
    const auto result = job.result();
    BOOST_TEST(result.status == 0);
    BOOST_TEST(result.err.bytes.size() > 1'000'000U);
    BOOST_TEST(result.err.bytes.ends_with("cut off]\n"));
    BOOST_TEST(job.file() == "<x.o>source\n");
}

BOOST_AUTO_TEST_CASE(a_compiler_that_reads_nothing_still_gets_all_the_source_accepted) {
    Job job(request("echo early >&2; exit 1"));
    job.send_source(std::string(8'000'000, 'x'));
    job.end_source();
    BOOST_TEST(job.result().err.bytes == "early\n");
    BOOST_TEST(job.report().in_uncompressed == 8'000'000U);
}

BOOST_AUTO_TEST_CASE(a_compile_without_output_is_compiled_locally) {
    Job job = complete(request("cat >/dev/null"));
    BOOST_TEST(std::holds_alternative<wire::StatusText>(job.receive()));
    BOOST_CHECK(is(job.report().outcome, iceccd::CompileOutcome::failed));
    job.expect_end();
}

BOOST_AUTO_TEST_CASE(a_compile_with_too_many_outputs_is_compiled_locally) {
    Job job = complete(request("cat >$out; for i in 1 2 3 4 5 6 7 8; do : >$i.a; : >$i.b; done"));
    BOOST_TEST(std::holds_alternative<wire::StatusText>(job.receive()));
    BOOST_TEST(job.report().note.find("more than 16") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_output_that_is_no_file_is_not_read) {
    Job job = complete(request("cat >/dev/null; ln -s /bin/sh $out"));
    BOOST_TEST(std::holds_alternative<wire::StatusText>(job.receive()));
    BOOST_CHECK(is(job.report().outcome, iceccd::CompileOutcome::failed));
}

BOOST_AUTO_TEST_CASE(a_compiler_that_is_not_there_is_a_status_text) {
    wire::CompileFile file = request("true");
    for (const char* name : {"g++", "clang", "../sh"}) {
        file.compiler_name = name;
        Job job(file);
        job.send_source("source\n"); // unread when the answer is known, and yet the answer arrives
        job.end_source();
        BOOST_TEST(std::holds_alternative<wire::StatusText>(job.receive()));
        BOOST_CHECK(is(job.report().outcome, iceccd::CompileOutcome::no_compiler));
        job.expect_end();
    }
}

BOOST_AUTO_TEST_CASE(an_environment_that_is_not_there_is_a_status_text) {
    Job job(request("true"), wire::our_version, "/nonexistent/environment");
    job.end_source();
    BOOST_TEST(std::holds_alternative<wire::StatusText>(job.receive()));
    BOOST_CHECK(is(job.report().outcome, iceccd::CompileOutcome::not_confined));
}

BOOST_AUTO_TEST_CASE(a_client_that_vanishes_takes_its_compiler_along) {
    Job job(request("sleep 600"));
    job.send_source("half a source");
    job.client = net::Channel(UniqueFd(), "none");
    const auto report = job.report();
    BOOST_CHECK(is(report.outcome, iceccd::CompileOutcome::client_gone));
    BOOST_TEST(report.signal == static_cast<std::uint32_t>(SIGKILL));
    BOOST_REQUIRE(job.worker->child.wait(soon()));
}

BOOST_AUTO_TEST_CASE(a_client_that_vanishes_after_its_source_is_noticed_too) {
    Job job = complete(request("cat; sleep 600"));
    job.client = net::Channel(UniqueFd(), "none");
    BOOST_CHECK(is(job.report().outcome, iceccd::CompileOutcome::client_gone));
    BOOST_REQUIRE(job.worker->child.wait(soon()));
}

BOOST_AUTO_TEST_CASE(anything_behind_the_source_is_a_cancellation) {
    Job job = complete(request("cat; sleep 600"));
    job.end_source();
    BOOST_CHECK(is(job.report().outcome, iceccd::CompileOutcome::client_gone));
    job.expect_end();
}

BOOST_AUTO_TEST_CASE(a_half_closed_client_still_hears_that_it_must_compile_itself) {
    Job job(request("cat; sleep 600"));
    job.send_source("half a source");
    BOOST_REQUIRE(::shutdown(job.client.fd(), SHUT_WR) == 0);
    const auto result = job.result();
    BOOST_TEST(result.status == 105);
    BOOST_TEST(result.was_out_of_memory);
    BOOST_CHECK(is(job.report().outcome, iceccd::CompileOutcome::client_gone));
}

BOOST_AUTO_TEST_CASE(garbage_ends_the_compile) {
    const std::string too_long("\xff\xff\xff\xff garbage", 12);
    const std::string unexpected = *wire::encode(wire::OpenStream{1}, wire::our_version);
    std::string bad_chunk = *wire::encode(
        wire::FileChunk{.uncompressed_size = 10, .bytes = "rubbish"}, wire::our_version);
    for (const std::string& bytes : {too_long, unexpected, bad_chunk}) {
        Job job(request("cat; sleep 600"));
        BOOST_REQUIRE(::send(job.client.fd(), bytes.data(), bytes.size(), 0) > 0);
        BOOST_CHECK(is(job.report().outcome, iceccd::CompileOutcome::client_gone));
        BOOST_REQUIRE(job.worker->child.wait(soon()));
    }
}

BOOST_AUTO_TEST_CASE(a_source_that_stops_coming_is_given_up) {
    Job job(request("cat; sleep 600"), wire::our_version, environment().path(),
            {.source_idle = 1ms});
    BOOST_TEST(job.result().status == 105);
    BOOST_CHECK(is(job.report().outcome, iceccd::CompileOutcome::source_timeout));
}

BOOST_AUTO_TEST_CASE(a_source_that_trickles_is_given_up) {
    Job job(request("cat; sleep 600"), wire::our_version, environment().path(),
            {.source_idle = 100ms});
    int pieces = 0;
    const auto answered = [&] {
        return net::wait_until_ready(job.client.fd(), POLLIN, net::Clock::now() + 20ms, "the end")
            .has_value();
    };
    for (; !answered() && pieces < 1000; ++pieces)
        job.send_source("x");
    BOOST_TEST(pieces < 1000);
    BOOST_TEST(job.result().status == 105);
    BOOST_CHECK(is(job.report().outcome, iceccd::CompileOutcome::source_timeout));
}

BOOST_AUTO_TEST_CASE(a_compile_that_takes_too_long_is_killed) {
    Job job(request("cat; sleep 600"), wire::our_version, environment().path(), {.whole = 50ms});
    job.end_source();
    const auto result = job.result();
    BOOST_TEST(result.signal == static_cast<std::uint32_t>(SIGKILL));
    BOOST_CHECK(is(job.report().outcome, iceccd::CompileOutcome::killed));
}

BOOST_AUTO_TEST_CASE(the_compiler_runs_as_nobody_and_nicer) {
    Job job = complete(request("cat >$out; id -u"));
    BOOST_TEST(job.result().out.bytes == "65534\n");
}

BOOST_AUTO_TEST_CASE(the_real_gcc_makes_the_object_that_it_makes_here) {
    const std::string cc1 = "/usr/lib/gcc/x86_64-linux-gnu/12/cc1";
    if (!std::filesystem::exists(cc1))
        return;
    const test::HostEnvironment real({"/usr/bin/gcc", cc1, "/usr/bin/as"});
    const test::HostEnvironment local({});
    const std::string source = "# 1 \"x.c\"\nint twice(int x) { return 2 * x; }\n";
    const std::string object = local.path() + "/x.o";
    std::ofstream(local.path() + "/x.i") << source;
    auto gcc = proc::spawn({.program = "/usr/bin/gcc",
                            .argv = {"gcc", "-O2", "-g", "-c", "x.i", "-o", object},
                            .working_directory = local.path()});
    BOOST_REQUIRE(gcc && gcc->wait(soon())->success());
    std::stringstream expected;
    expected << std::ifstream(object).rdbuf();

    wire::CompileFile file = request("-c");
    file.flags = {"-O2", "-g", "-c"};
    file.working_directory = local.path();
    file.output_file = object;
    Job job(file, wire::plain_version, real.path());
    job.send_source(source);
    job.end_source();
    const auto result = job.result();
    BOOST_TEST(result.err.bytes == "");
    BOOST_REQUIRE(result.status == 0);
    BOOST_TEST((job.file() == expected.str()));
}

BOOST_AUTO_TEST_SUITE_END()
