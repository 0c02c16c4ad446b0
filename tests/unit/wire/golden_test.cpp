// The bytes icecream 1.4 was seen to send, and ours for the same contents (protocol.md section 17).
#include "hex.h"
#include "wire/frame.h"
#include "wire/links.h"

#include <boost/test/unit_test.hpp>

using namespace ice;
using namespace ice::wire;

namespace {

constexpr Version v43{43, 0};
constexpr Version v39{39, 0};
constexpr const char* environment = "8b59cf5c35b2033fe114a01a619d2eea";

/// Writing gives these bytes, and reading them gives what writes them again.
template <class M>
void check_golden(const M& message, std::string_view hex, Version version = v43) {
    const std::string expected = from_hex(hex);
    BOOST_TEST(to_hex(encode(message, version).value()) == to_hex(expected));
    FrameReader reader;
    reader.append(expected);
    const auto frame = reader.next().value();
    BOOST_REQUIRE(frame.has_value());
    const auto decoded = decode<std::variant<M>>(*frame, version);
    BOOST_REQUIRE(decoded.has_value());
    BOOST_TEST(to_hex(encode(std::get<M>(*decoded), version).value()) == to_hex(expected));
}

JobDone finished_job() {
    JobDone done{.job_id = 67, .exitcode = 0, .real_msec = 15, .user_msec = 6, .sys_msec = 8};
    done.pfaults = 1776;
    done.in_compressed = 38;
    done.in_uncompressed = 29;
    done.out_compressed = done.out_uncompressed = 1088;
    done.client_count = 1;
    return done;
}

} // namespace

BOOST_AUTO_TEST_SUITE(golden)

BOOST_AUTO_TEST_CASE(login) {
    check_golden(Login{.port = 10246,
                       .max_kids = 2,
                       .nodename = "nodeB",
                       .host_platform = "x86_64",
                       .chroot_possible = true,
                       .supported_features = 3},
                 "00 00 00 31  00 00 00 50  00 00 28 06  00 00 00 02"
                 "00 00 00 00  00 00 00 06 6e 6f 64 65 42 00  00 00"
                 "00 07 78 38 36 5f 36 34 00  00 00 00 01  00 00 00"
                 "00  00 00 00 03");
}

BOOST_AUTO_TEST_CASE(login_again_with_an_environment) {
    check_golden(Login{.envs = {{"x86_64", environment}},
                       .nodename = "nodeB",
                       .chroot_possible = true,
                       .supported_features = 3},
                 "00 00 00 5b  00 00 00 50  00 00 00 00  00 00 00 00"
                 "00 00 00 01  00 00 00 07 78 38 36 5f 36 34 00  00"
                 "00 00 21 38 62 35 39 63 66 35 63 33 35 62 32 30"
                 "33 33 66 65 31 31 34 61 30 31 61 36 31 39 64 32"
                 "65 65 61 00  00 00 00 06 6e 6f 64 65 42 00  00 00"
                 "00 01 00  00 00 00 01  00 00 00 00  00 00 00 03");
}

BOOST_AUTO_TEST_CASE(cs_conf) {
    check_golden(CsConf{}, "00 00 00 11 00 00 00 5c 00 00 00 03 00 00 00 24 00 00 00 01 00");
}

BOOST_AUTO_TEST_CASE(stats) {
    check_golden(
        Stats{.load = 554, .load1 = 2491, .load5 = 2543, .load10 = 3041, .free_mem = 23123},
        "00 00 00 18 00 00 00 51 00 00 02 2a 00 00 09 bb 00 00 09 ef 00 00 0b e1 00 00 5a 53");
}

BOOST_AUTO_TEST_CASE(get_cs) {
    check_golden(GetCs{.versions = {{"x86_64", environment}},
                       .filename = "iw/src/a.i",
                       .target = "x86_64",
                       .arg_flags = 8,
                       .preferred_host = "nodeB",
                       .minimal_host_version = 21},
                 "00 00 00 80  00 00 00 47  00 00 00 01  00 00 00 07"
                 "78 38 36 5f 36 34 00  00 00 00 21 38 62 35 39 63"
                 "66 35 63 33 35 62 32 30 33 33 66 65 31 31 34 61"
                 "30 31 61 36 31 39 64 32 65 65 61 00  00 00 00 0b"
                 "69 77 2f 73 72 63 2f 61 2e 69 00  00 00 00 00  00"
                 "00 00 01  00 00 00 07 78 38 36 5f 36 34 00  00 00"
                 "00 08  00 00 00 00  00 00 00 06 6e 6f 64 65 42 00"
                 "00 00 00 00  00 00 00 15  00 00 00 00  00 00 00 00"
                 "00 00 00 00");
}

BOOST_AUTO_TEST_CASE(use_cs) {
    check_golden(UseCs{.job_id = 67,
                       .port = 10246,
                       .hostname = "10.77.0.2",
                       .host_platform = "x86_64",
                       .got_env = true,
                       .client_id = 10},
                 "00 00 00 31  00 00 00 48  00 00 00 43  00 00 28 06"
                 "00 00 00 0a 31 30 2e 37 37 2e 30 2e 32 00  00 00"
                 "00 07 78 38 36 5f 36 34 00  00 00 00 01  00 00 00"
                 "0a  00 00 00 00");
}

BOOST_AUTO_TEST_CASE(no_cs) {
    check_golden(NoCs{.job_id = 1, .client_id = 2},
                 "00 00 00 0c 00 00 00 60 00 00 00 01 00 00 00 02");
}

BOOST_AUTO_TEST_CASE(compile_file) {
    check_golden(CompileFile{.job_id = 67,
                             .flags = {"-O2", "-c", "-fdirectives-only"},
                             .environment = environment,
                             .target = "x86_64",
                             .compiler_name = "gcc",
                             .input_file = "a.i",
                             .working_directory = "/tmp/iw/src",
                             .output_file = "a.o"},
                 "00 00 00 91  00 00 00 49  00 00 00 00  00 00 00 43"
                 "00 00 00 03  00 00 00 04 2d 4f 32 00  00 00 00 03"
                 "2d 63 00  00 00 00 12 2d 66 64 69 72 65 63 74 69"
                 "76 65 73 2d 6f 6e 6c 79 00  00 00 00 21 38 62 35"
                 "39 63 66 35 63 33 35 62 32 30 33 33 66 65 31 31"
                 "34 61 30 31 61 36 31 39 64 32 65 65 61 00  00 00"
                 "00 07 78 38 36 5f 36 34 00  00 00 00 04 67 63 63"
                 "00  00 00 00 04 61 2e 69 00  00 00 00 0c 2f 74 6d"
                 "70 2f 69 77 2f 73 72 63 00  00 00 00 04 61 2e 6f"
                 "00  00 00 00 00");
}

BOOST_AUTO_TEST_CASE(file_chunk_in_each_codec) {
    const std::string zstd =
        from_hex("28 b5 2f fd 20 1d e9 00 00 69 6e 74 20 61 6e 73 77 65 72 28 76 6f"
                 "69 64 29 7b 72 65 74 75 72 6e 20 34 32 3b 7d 0a");
    const std::string lzo = from_hex("2e 69 6e 74 20 61 6e 73 77 65 72 28 76 6f 69 64 29 7b 72 65"
                                     "74 75 72 6e 20 34 32 3b 7d 0a 11 00 00");
    check_golden(FileChunk{.uncompressed_size = 29, .codec = ChunkCodec::zstd, .bytes = zstd},
                 "00 00 00 36  00 00 00 4a  00 00 00 1d  00 00 00 26  00 00 00 01" + to_hex(zstd));
    check_golden(FileChunk{.uncompressed_size = 29, .codec = ChunkCodec::lzo, .bytes = lzo},
                 "00 00 00 31  00 00 00 4a  00 00 00 1d  00 00 00 21  00 00 00 00" + to_hex(lzo));
    check_golden(FileChunk{.uncompressed_size = 29, .codec = ChunkCodec::lzo, .bytes = lzo},
                 "00 00 00 2d  00 00 00 4a  00 00 00 1d  00 00 00 21" + to_hex(lzo), v39);
}

BOOST_AUTO_TEST_CASE(end) { check_golden(End{}, "00 00 00 04 00 00 00 43"); }

BOOST_AUTO_TEST_CASE(compile_result) {
    check_golden(CompileResult{}, "00 00 00 1a 00 00 00 4b 00 00 00 01 00 00 00 00 01 00 00 00 00"
                                  "00 00 00 00 00 00 00 00 00");
}

BOOST_AUTO_TEST_CASE(job_begin_and_done) {
    check_golden(JobBegin{.job_id = 67, .start_time = 0x6b00c6a6, .client_count = 1},
                 "00 00 00 10 00 00 00 4c 00 00 00 43 6b 00 c6 a6 00 00 00 01");
    check_golden(finished_job(), "00 00 00 34  00 00 00 4d  00 00 00 43  00 00 00 00"
                                 "00 00 00 0f  00 00 00 06  00 00 00 08  00 00 06 f0"
                                 "00 00 00 26  00 00 00 1d  00 00 04 40  00 00 04 40"
                                 "00 00 00 00  00 00 00 01");
}

BOOST_AUTO_TEST_CASE(job_local_begin) {
    check_golden(JobLocalBegin{.start_time = 0x6b00c6a6, .outfile = "/tmp/iw/src/a.so"},
                 "00 00 00 21  00 00 00 4e  6b 00 c6 a6  00 00 00 11"
                 "2f 74 6d 70 2f 69 77 2f 73 72 63 2f 61 2e 73 6f 00  00 00 00 00");
    check_golden(JobLocalBegin{.start_time = 0x6b00c6a6},
                 "00 00 00 11  00 00 00 4e  6b 00 c6 a6  00 00 00 01 00  00 00 00 00");
    check_golden(
        JobLocalBegin{.start_time = 0x6b00c4e2, .outfile = "/some/dir/prog", .id = 1, .full = true},
        "00 00 00 23  00 00 00 4e  6b 00 c4 e2  00 00 00 0f"
        "2f 73 6f 6d 65 2f 64 69 72 2f 70 72 6f 67 00  00 00 00 01  00 00 00 01",
        plain_version);
}

BOOST_AUTO_TEST_CASE(what_monitors_are_told) {
    check_golden(MonGetCs{.filename = "iw/src/a.i", .job_id = 67, .client_id = 31},
                 "00 00 00 1f 00 00 00 53 00 00 00 0b 69 77 2f 73 72 63 2f 61 2e 69 00 00 00 00 00"
                 "00 00 00 43 00 00 00 1f");
    check_golden(MonJobBegin{.job_id = 67, .start_time = 0x6b00c6a6, .host_id = 33},
                 "00 00 00 10 00 00 00 54 00 00 00 43 6b 00 c6 a6 00 00 00 21");
    check_golden(
        MonLocalJobBegin{
            .host_id = 31, .job_id = 68, .start_time = 0x6b00c6a6, .file = "iw/src/a.so"},
        "00 00 00 20 00 00 00 56 00 00 00 1f 00 00 00 44 6b 00 c6 a6 00 00 00 0c"
        "69 77 2f 73 72 63 2f 61 2e 73 6f 00");
    const std::string text = "Name:nodeA\nIP:10.77.0.1\nMaxJobs:2\nNoRemote:false\n"
                             "Platform:x86_64\nVersion:43\nFeatures:env_xz env_zstd\n"
                             "Speed:0.000000\nLoad:981\n";
    check_golden(MonStats{.host_id = 1, .text = text},
                 "00 00 00 8a  00 00 00 57  00 00 00 01  00 00 00 7e" + to_hex(text) + "00");
}

BOOST_AUTO_TEST_SUITE_END()
