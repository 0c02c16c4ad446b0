// One filled-in example of every message, and ways to go through all messages and versions.
#pragma once

#include "wire/links.h"
#include "wire/version.h"

#include <tuple>
#include <vector>

namespace ice::wire {

/// Every field differs from its default and from its neighbours, so that a lost or swapped one
/// shows.
inline auto samples() {
    const EnvironmentList envs{{"x86_64", "8b59cf5c"}, {"i686", "other"}};
    JobDone done{.job_id = 67, .exitcode = -1, .real_msec = 15, .user_msec = 6, .sys_msec = 8};
    done.pfaults = 1776;
    done.in_compressed = 38;
    done.in_uncompressed = 29;
    done.out_compressed = 1088;
    done.out_uncompressed = 1089;
    done.flags = 3;
    done.client_count = 9;
    return std::tuple{
        Ping{},
        End{},
        MonLogin{},
        GetInternals{},
        GetNativeEnv{.compiler = "/usr/bin/gcc", .extra_files = {"/a", ""}, .compression = "xz"},
        NativeEnv{.path = "/var/tmp/x.tar.gz", .digest = "abcdef"},
        GetCs{.versions = envs,
              .filename = "src/a.c",
              .language = Language::objcxx,
              .count = 2,
              .target = "x86_64",
              .arg_flags = 8,
              .client_id = 11,
              .preferred_host = "nodeB",
              .minimal_host_version = 31,
              .client_count = 3,
              .required_features = 1,
              .niceness = 5},
        UseCs{.job_id = 67,
              .port = 10246,
              .hostname = "10.77.0.2",
              .host_platform = "x86_64",
              .got_env = true,
              .client_id = 10,
              .matched_job_id = 4},
        NoCs{.job_id = 1, .client_id = 2},
        OpenStream{.job_id = 7},
        StreamOpened{.job_id = 7, .error = "refused"},
        AskRecipe{.key = "k"},
        Recipe{.state = RecipeState::proven, .words = {"cc1", "-E"}},
        TeachRecipe{.key = "k", .state = RecipeState::taught, .words = {"cc1", "-E"}},
        JobLocalBegin{.start_time = 1795212966, .outfile = "/tmp/a.so", .id = 3, .full = true},
        JobLocalDone{.job_id = 68},
        BlacklistHostEnv{.environment = "e", .target = "t", .hostname = "10.0.0.1"},
        TransferEnv{.name = "e", .target = "x86_64", .digest = "d"},
        VerifyEnv{.environment = "e", .target = "x86_64", .digest = "d"},
        VerifyEnvResult{.ok = true, .reason = "none"},
        CompileFile{.language = Language::cxx,
                    .job_id = 67,
                    .flags = {"-O2", "-c"},
                    .remote_flags = {"-c"},
                    .rest_flags = {"-O2"},
                    .environment = "8b59",
                    .target = "x86_64",
                    .compiler_name = "g++",
                    .input_file = "a.cpp",
                    .working_directory = "/w",
                    .output_file = "a.o",
                    .dwarf_fission = true,
                    .digest = "d",
                    .variables = {"LC_CTYPE=C.UTF-8"}},
        FileChunk{.uncompressed_size = 4, .codec = ChunkCodec::lzo, .bytes = "packed"},
        CompileResult{.err = {std::string("warn\0ing", 8)},
                      .out = {"said"},
                      .status = -2,
                      .was_out_of_memory = true,
                      .have_dwo_file = true,
                      .signal = 4,
                      .file_count = 2},
        ResultFile{.name = "a.dwo"},
        StatusText{.text = "no such environment"},
        Login{.port = 10246,
              .max_kids = 2,
              .envs = envs,
              .nodename = "nodeB",
              .host_platform = "x86_64",
              .chroot_possible = true,
              .noremote = true,
              .supported_features = 3},
        CsConf{.pong = 4, .ping = 37, .unused = "x"},
        Stats{.load = 554, .load1 = 2491, .load5 = 2543, .load10 = 3041, .free_mem = 23123},
        JobBegin{.job_id = 67, .start_time = 1795212966, .client_count = 2},
        done,
        MonGetCs{.filename = "a.c", .language = Language::cxx, .job_id = 67, .client_id = 31},
        MonJobBegin{.job_id = 67, .start_time = 5, .host_id = 33},
        MonJobDone{.job_id = 68},
        MonLocalJobBegin{.host_id = 31, .job_id = 68, .start_time = 5, .file = "a.so"},
        MonStats{.host_id = 1, .text = "Name:nodeA\nLoad:981\n"}};
}

template <class Visitor>
void for_each_sample(Visitor visitor) {
    std::apply([&](const auto&... sample) { (visitor(sample), ...); }, samples());
}

/// Every version two peers can agree on: upstream's, and our revision on its base.
inline std::vector<Version> all_versions() {
    std::vector<Version> versions;
    for (std::uint32_t base = lowest_base; base <= our_version.base; ++base)
        versions.push_back({base, 0});
    versions.push_back(our_version);
    return versions;
}

} // namespace ice::wire
