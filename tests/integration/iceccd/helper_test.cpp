// A daemon as a helper: a compiler of this host goes in, objects come out.
#include "daemon.h"

#include "base/str.h"
#include "env/name.h"
#include "env/platform.h"
#include "wire/chunk.h"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <sys/socket.h>
#include <unistd.h>

using namespace ice;
using namespace ice::iceccd::test;

namespace {

std::string read_all(int fd) {
    std::string bytes;
    char buffer[65536];
    ssize_t size = 0;
    while ((size = ::pread(fd, buffer, sizeof buffer, static_cast<off_t>(bytes.size()))) > 0)
        bytes.append(buffer, static_cast<std::size_t>(size));
    return bytes;
}

void stream(net::Channel& channel, std::string_view bytes) {
    wire::ChunkCompressor compressor;
    for (; !bytes.empty(); bytes.remove_prefix(std::min(bytes.size(), wire::stream_piece_size)))
        say(channel,
            compressor.compress(bytes.substr(0, wire::stream_piece_size), channel.version()));
    say(channel, wire::End{});
}

/// The chunks up to the End, put together.
std::string collect(net::Channel& channel) {
    std::string bytes;
    for (;;) {
        const auto message = channel.receive<wire::FromHelper>(soon());
        BOOST_REQUIRE(message.has_value());
        if (std::holds_alternative<wire::End>(*message))
            return bytes;
        bytes += wire::open_chunk(std::get<wire::FileChunk>(*message)).value();
    }
}

/// A helper, and the environment of this host's gcc as its own daemon packed it.
struct Helper {
    Daemon daemon{{"-m", "2", "-p", std::to_string(port)}};
    std::string name, digest, archive;

    static inline const std::uint16_t port = Server().port(); // free a moment ago

    Helper() {
        auto client = daemon.connect();
        say(client, wire::GetNativeEnv{"/usr/bin/gcc", {}, "zstd"});
        const auto native = expect<wire::NativeEnv>(client);
        name = env::parse_archive_path(native.path)->name;
        digest = native.digest;
        archive = read_all(client.take_descriptor()->get());
    }

    [[nodiscard]] bool serves() const {
        const bool serves = daemon.count_in_log("no remote jobs accepted") == 0;
        BOOST_WARN_MESSAGE(serves, "this host cannot confine; nothing is tested");
        return serves;
    }
    [[nodiscard]] net::Channel connect(wire::Version version) const {
        net::Channel channel(net::connect_tcp("127.0.0.1", port, soon()).value(), "the helper");
        const auto agreed =
            channel.handshake(soon(), wire::Handshake(wire::Handshake::Side::connector, version));
        BOOST_REQUIRE(agreed.has_value());
        return channel;
    }
    void upload(net::Channel& channel, const std::string& bytes) const {
        say(channel, wire::TransferEnv{name, env::host_platform(), digest});
        stream(channel, bytes);
        say(channel, wire::VerifyEnv{name, env::host_platform(), digest});
    }
    [[nodiscard]] wire::CompileFile request() const {
        wire::CompileFile compile;
        compile.job_id = 5;
        compile.flags = {"-O2", "-c"};
        compile.environment = name;
        compile.target = env::host_platform();
        compile.compiler_name = "gcc";
        compile.input_file = "t.c";
        compile.working_directory = "/tmp";
        compile.output_file = "t.o";
        compile.digest = digest;
        return compile;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(helper, Helper)

BOOST_AUTO_TEST_CASE(installs_verifies_and_compiles_for_old_and_new_clients) {
    if (!serves())
        return;
    for (const auto version : {wire::our_version, wire::plain_version, wire::Version{35, 0}}) {
        BOOST_TEST_CONTEXT("version " << version.base << "." << version.revision) {
            auto client = connect(version);
            upload(client, archive); // from the second on it is there already, which is no error
            BOOST_TEST((expect<wire::VerifyEnvResult, wire::FromHelper>(client).ok));
            auto compile = request();
            if (version.base < 41)
                compile.rest_flags = std::exchange(compile.flags, {});
            say(client, compile);
            stream(client, "int answer(void) { return 42; }\n");
            const auto result = expect<wire::CompileResult, wire::FromHelper>(client);
            BOOST_TEST(result.status == 0);
            BOOST_TEST(result.err.bytes == "");
            if (version.revision > 0) {
                BOOST_REQUIRE_EQUAL(result.file_count, 1U);
                BOOST_TEST((expect<wire::ResultFile, wire::FromHelper>(client).name == "t.o"));
            }
            BOOST_TEST(collect(client).starts_with("\x7f"
                                                   "ELF"));
        }
    }
    const auto all_logged = [&] {
        return daemon.count_in_log("Remote compilation completed with exit code 0") == 3;
    };
    BOOST_TEST(eventually(all_logged)); // the client has its object before the daemon its report
}

BOOST_AUTO_TEST_CASE(tells_what_the_compiler_said) {
    if (!serves())
        return;
    auto client = connect(wire::our_version);
    upload(client, archive);
    BOOST_TEST((expect<wire::VerifyEnvResult, wire::FromHelper>(client).ok));
    say(client, request());
    stream(client, "int answer(void) { return fortytwo; }\n");
    const auto result = expect<wire::CompileResult, wire::FromHelper>(client);
    BOOST_TEST(result.status == 1);
    BOOST_TEST(result.err.bytes.find("fortytwo") != std::string::npos);
    BOOST_TEST(eventually(
        [&] { return daemon.count_in_log("Remote compilation exited with exit code 1") == 1; }));
}

BOOST_AUTO_TEST_CASE(says_why_an_upload_became_nothing) {
    if (!serves())
        return;
    auto client = connect(wire::plain_version);
    upload(client, std::string(300'000, 'x'));
    BOOST_TEST((expect<wire::StatusText, wire::FromHelper>(client).text != ""));
    BOOST_TEST((!expect<wire::VerifyEnvResult, wire::FromHelper>(client).ok));
    // The connection is still good, and so is the name.
    upload(client, archive);
    BOOST_TEST((expect<wire::VerifyEnvResult, wire::FromHelper>(client).ok));
}

BOOST_AUTO_TEST_CASE(takes_two_uploads_of_the_same_environment_at_once) {
    if (!serves())
        return;
    auto one = connect(wire::our_version);
    auto two = connect(wire::our_version);
    say(one, wire::TransferEnv{name, env::host_platform(), digest});
    BOOST_TEST(eventually([&] { return daemon.count_in_log("handle_transfer_env") == 1; }));
    say(two, wire::TransferEnv{name, env::host_platform(), digest});
    stream(two, archive);
    say(two, wire::VerifyEnv{name, env::host_platform(), digest});
    BOOST_TEST(silent(two)); // there is nothing to verify before the other has arrived
    stream(one, archive);
    say(one, wire::VerifyEnv{name, env::host_platform(), digest});
    BOOST_TEST((expect<wire::VerifyEnvResult, wire::FromHelper>(one).ok));
    BOOST_TEST((expect<wire::VerifyEnvResult, wire::FromHelper>(two).ok));
}

BOOST_AUTO_TEST_CASE(refuses_a_compile_without_its_environment) {
    if (!serves())
        return;
    auto client = connect(wire::plain_version);
    say(client, request());
    BOOST_TEST((expect<wire::StatusText, wire::FromHelper>(client).text.find("not installed") !=
                std::string::npos));
}

BOOST_AUTO_TEST_CASE(notices_that_a_queued_client_left) {
    if (!serves())
        return;
    auto one = daemon.connect();
    say(one, wire::JobLocalBegin{});
    expect<wire::JobLocalBegin>(one);
    auto two = daemon.connect();
    say(two, wire::JobLocalBegin{});
    expect<wire::JobLocalBegin>(two);
    {
        auto client = connect(wire::our_version);
        upload(client, archive);
        BOOST_TEST((expect<wire::VerifyEnvResult, wire::FromHelper>(client).ok));
        say(client, request());
        stream(client, "int answer(void) { return 42; }\n");
        BOOST_TEST(silent(client));
    }
    BOOST_TEST(eventually([&] { return daemon.count_in_log("tocompile") == 1; }));
}

BOOST_AUTO_TEST_SUITE_END()
