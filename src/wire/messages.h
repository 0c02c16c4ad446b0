// Every message, once: its wire type, its fields, and from which version each field is there.
//
// The order inside `fields` is the order on the wire (protocol.md section 4). To add a message,
// write its struct here and its name into the links that carry it (links.h); to add a field, add
// one line with its since(). Types from 256 on are ours and need a revision; a mixed cluster never
// sees them.
#pragma once

#include "wire/fields.h"

#include <cstdint>
#include <string>

namespace ice::wire {

// --- Messages without fields -----------------------------------------------------------------

template <std::uint32_t Type>
struct Bare {
    static constexpr std::uint32_t type = Type, since_revision = 0;
    template <class Self, class Codec>
    static void fields(Self& /*message*/, Codec& /*codec*/) {}
};

/// Scheduler to daemon; below 27 also the answer.
using Ping = Bare<66>;
/// The end of a file, good-bye, or "cannot", depending on where it stands.
using End = Bare<67>;
using MonLogin = Bare<82>;
using GetInternals = Bare<91>;

// --- Client and its own daemon ---------------------------------------------------------------

/// Client to daemon: which archive holds this compiler? Answered by NativeEnv, or End and close.
struct GetNativeEnv {
    static constexpr std::uint32_t type = 69, since_revision = 0;
    std::string compiler;    ///< absolute path; 32 to 40: "gcc" or "clang"
    StringList extra_files;  ///< absolute paths to include
    std::string compression; ///< empty: the daemon's default
    template <class Self, class Codec>
    static void fields(Self& m, Codec& c) {
        c.since(32, m.compiler, m.extra_files);
        c.since(42, m.compression);
    }
};

/// Daemon to client. At revision 1 the opened archive travels with it as a descriptor.
struct NativeEnv {
    static constexpr std::uint32_t type = 70, since_revision = 0;
    std::string path;   ///< absolute, on the daemon's machine
    std::string digest; ///< SHA-256 of the archive, lower-case hex
    template <class Self, class Codec>
    static void fields(Self& m, Codec& c) {
        c(m.path);
        c.since_revision(1, m.digest);
    }
};

/// Client to daemon to scheduler: where shall this be compiled?
struct GetCs {
    static constexpr std::uint32_t type = 71, since_revision = 0;
    EnvironmentList versions; ///< (host platform, environment) the client can provide
    std::string filename;     ///< shortened (5.7); for display
    Language language = Language::c;
    std::uint32_t count = 1;
    std::string target;          ///< the client machine's platform
    std::uint32_t arg_flags = 0; ///< -g and -O, as bits of 5.2
    std::uint32_t client_id = 0; ///< set by the daemon
    std::string preferred_host;  ///< node name or address; empty: any
    std::uint32_t minimal_host_version = 0;
    std::uint32_t client_count = 0; ///< set by the daemon
    std::uint32_t required_features = 0;
    std::uint32_t niceness = 0; ///< 0 to 20
    template <class Self, class Codec>
    static void fields(Self& m, Codec& c) {
        c(m.versions, m.filename, m.language, m.count, m.target, m.arg_flags, m.client_id);
        c.since(22, m.preferred_host);
        std::uint32_t needs_31 = m.minimal_host_version >= 31 ? 1 : 0;
        c.since(31, needs_31);
        if constexpr (Codec::reading)
            m.minimal_host_version = needs_31 != 0 ? 31 : 0; // all that 31 to 33 can say
        c.since(34, m.minimal_host_version);
        c.since(39, m.client_count);
        c.since(42, m.required_features);
        c.since(43, m.niceness);
    }
};

/// Scheduler to daemon to client: there. "127.0.0.1" means: on the submitter itself.
struct UseCs {
    static constexpr std::uint32_t type = 72, since_revision = 0;
    std::uint32_t job_id = 0;
    std::uint32_t port = 0;
    std::string hostname;        ///< address as text
    std::string host_platform;   ///< which of the offered versions; empty for "build here"
    bool got_env = false;        ///< the environment is installed there
    std::uint32_t client_id = 0; ///< echo of GetCs
    std::uint32_t matched_job_id = 0;
    template <class Self, class Codec>
    static void fields(Self& m, Codec& c) {
        c(m.job_id, m.port, m.hostname, m.host_platform, m.got_env, m.client_id);
        c.since(28, m.matched_job_id);
    }
};

/// Scheduler to daemon: the submitter builds it itself (below 37: a UseCs naming the submitter).
struct NoCs {
    static constexpr std::uint32_t type = 96, since_revision = 0;
    std::uint32_t job_id = 0;
    std::uint32_t client_id = 0;
    template <class Self, class Codec>
    static void fields(Self& m, Codec& c) {
        c(m.job_id, m.client_id);
    }
};

/// Client to daemon, revision 1: connect me to the helper the scheduler gave job `job_id`.
struct OpenStream {
    static constexpr std::uint32_t type = 256, since_revision = 1;
    std::uint32_t job_id = 0;
    template <class Self, class Codec>
    static void fields(Self& m, Codec& c) {
        c(m.job_id);
    }
};

/// Daemon to client, revision 1: the connected descriptor travels with it, unless `error` says
/// why there is none. The client does the handshake with the helper itself.
struct StreamOpened {
    static constexpr std::uint32_t type = 257, since_revision = 1;
    std::uint32_t job_id = 0;
    std::string error; ///< empty: connected
    template <class Self, class Codec>
    static void fields(Self& m, Codec& c) {
        c(m.job_id, m.error);
    }
};

/// What is known of a recipe: the compiler proper's command line as the driver writes it for
/// certain options, learned from one unit and used for others (icecc/recipe.h).
enum class RecipeState : std::uint32_t {
    unknown = 0, ///< nobody asked for it before
    wanted = 1,  ///< asked for before: who knows it may teach it
    taught = 2,  ///< made of one unit, to be tried with another one
    proven = 3,  ///< tried: it can be relied on
    unfit = 4,   ///< there is none for these options
};

/// Client to daemon, revision 1: what is known of the recipe with this key, among those of the
/// client's own user?
struct AskRecipe {
    static constexpr std::uint32_t type = 259, since_revision = 1;
    std::string key;
    template <class Self, class Codec>
    static void fields(Self& m, Codec& c) {
        c(m.key);
    }
};

/// The answer.
struct Recipe {
    static constexpr std::uint32_t type = 260, since_revision = 1;
    RecipeState state = RecipeState::unknown;
    StringList words; ///< if taught or proven
    template <class Self, class Codec>
    static void fields(Self& m, Codec& c) {
        c(m.state, m.words);
    }
};

/// Client to daemon, revision 1: what it found out. There is no answer.
struct TeachRecipe {
    static constexpr std::uint32_t type = 261, since_revision = 1;
    std::string key;
    RecipeState state = RecipeState::unfit; ///< taught, proven or unfit
    StringList words;
    template <class Self, class Codec>
    static void fields(Self& m, Codec& c) {
        c(m.key, m.state, m.words);
    }
};

/// A purely local job: the client asks for a slot, the daemon grants it with the same message,
/// and reports it to the scheduler with it.
struct JobLocalBegin {
    static constexpr std::uint32_t type = 78, since_revision = 0;
    std::uint32_t start_time = 0; ///< seconds since 1970, the sender's clock
    std::string outfile;
    std::uint32_t id = 0; ///< to the scheduler: the daemon's client id
    bool full = false;    ///< wants all local slots
    template <class Self, class Codec>
    static void fields(Self& m, Codec& c) {
        c(m.start_time, m.outfile, m.id);
        c.since(44, m.full);
    }
};

/// Daemon to scheduler (client id) and scheduler to monitor (job id). Never from a client.
struct JobLocalDone {
    static constexpr std::uint32_t type = 79, since_revision = 0;
    std::uint32_t job_id = 0;
    template <class Self, class Codec>
    static void fields(Self& m, Codec& c) {
        c(m.job_id);
    }
};

/// Client to daemon to scheduler: that host cannot run this environment for us.
struct BlacklistHostEnv {
    static constexpr std::uint32_t type = 95, since_revision = 0;
    std::string environment;
    std::string target;
    std::string hostname; ///< the hostname text of UseCs
    template <class Self, class Codec>
    static void fields(Self& m, Codec& c) {
        c(m.environment, m.target, m.hostname);
    }
};

// --- Client and helper -----------------------------------------------------------------------

/// Client to helper: an environment follows as chunks and End.
struct TransferEnv {
    static constexpr std::uint32_t type = 88, since_revision = 0;
    std::string name;
    std::string target; ///< empty: the helper's own platform
    std::string digest; ///< SHA-256 of the archive, lower-case hex; empty: not known
    template <class Self, class Codec>
    static void fields(Self& m, Codec& c) {
        c(m.name, m.target);
        c.since_revision(1, m.digest);
    }
};

struct VerifyEnv {
    static constexpr std::uint32_t type = 93, since_revision = 0;
    std::string environment;
    std::string target;
    std::string digest; ///< as in TransferEnv
    template <class Self, class Codec>
    static void fields(Self& m, Codec& c) {
        c(m.environment, m.target);
        c.since_revision(1, m.digest);
    }
};

struct VerifyEnvResult {
    static constexpr std::uint32_t type = 94, since_revision = 0;
    bool ok = false;
    std::string reason; ///< why not
    template <class Self, class Codec>
    static void fields(Self& m, Codec& c) {
        c(m.ok);
        c.since_revision(1, m.reason);
    }
};

/// Client to helper: compile what follows. To the own daemon, with environment "__client": the
/// job you said I shall build myself begins.
struct CompileFile {
    static constexpr std::uint32_t type = 73, since_revision = 0;
    Language language = Language::c;
    std::uint32_t job_id = 0;
    StringList flags;        ///< from 41: all non-local arguments in order
    StringList remote_flags; ///< below 41, with rest_flags: the same in two classes (5.3)
    StringList rest_flags;
    std::string environment;
    std::string target;        ///< the client's platform
    std::string compiler_name; ///< "gcc", "g++" or "clang"
    std::string input_file;
    std::string working_directory;
    std::string output_file;
    bool dwarf_fission = false;
    std::string digest;   ///< as in TransferEnv
    StringList variables; ///< "NAME=value", for the compiler's environment
    template <class Self, class Codec>
    static void fields(Self& m, Codec& c) {
        c(m.language, m.job_id);
        if (c.base() >= 41)
            c(m.flags);
        else
            c(m.remote_flags, m.rest_flags);
        c(m.environment, m.target);
        c.since(30, m.compiler_name);
        c.since(34, m.input_file, m.working_directory);
        c.since(35, m.output_file, m.dwarf_fission);
        c.since_revision(1, m.digest, m.variables);
    }
};

/// A piece of a file, compressed by itself (chunk.h makes and opens them).
struct FileChunk {
    static constexpr std::uint32_t type = 74, since_revision = 0;
    std::uint32_t uncompressed_size = 0;
    ChunkCodec codec = ChunkCodec::zstd;
    std::string bytes;
    template <class Self, class Codec>
    static void fields(Self& m, Codec& c) {
        c.chunk(m.uncompressed_size, m.codec, m.bytes);
    }
};

/// Helper to client. Status 0 is followed by the object (chunks, End) and then, with
/// have_dwo_file, by that file; at revision 1 by `file_count` named files instead.
struct CompileResult {
    static constexpr std::uint32_t type = 75, since_revision = 0;
    RawText err;
    RawText out;
    std::int32_t status = 0; ///< 105 if the compiler was killed by a signal
    bool was_out_of_memory = false;
    bool have_dwo_file = false;
    std::uint32_t signal = 0;     ///< what killed the compiler; 0: it exited
    std::uint32_t file_count = 0; ///< ResultFile sequences that follow
    template <class Self, class Codec>
    static void fields(Self& m, Codec& c) {
        c(m.err, m.out, m.status, m.was_out_of_memory);
        c.since(35, m.have_dwo_file);
        c.since_revision(1, m.signal, m.file_count);
    }
};

/// Helper to client, revision 1: chunks and End of one output follow.
struct ResultFile {
    static constexpr std::uint32_t type = 258, since_revision = 1;
    std::string name; ///< as the compiler wrote it: output_file itself, or relative to the cwd
    template <class Self, class Codec>
    static void fields(Self& m, Codec& c) {
        c(m.name);
    }
};

/// Helper to client: what went wrong before there was a result. Daemon to scheduler: internals.
struct StatusText {
    static constexpr std::uint32_t type = 90, since_revision = 0;
    std::string text;
    template <class Self, class Codec>
    static void fields(Self& m, Codec& c) {
        c(m.text);
    }
};

// --- Daemon and scheduler --------------------------------------------------------------------

/// Daemon to scheduler: the first message, and again whenever the environments change, when only
/// `envs` is looked at.
struct Login {
    static constexpr std::uint32_t type = 80, since_revision = 0;
    std::uint32_t port = 0; ///< 0: serves only its own clients
    std::uint32_t max_kids = 0;
    EnvironmentList envs; ///< (target platform, environment) installed
    std::string nodename; ///< empty: the scheduler uses the address
    std::string host_platform;
    bool chroot_possible = false;
    bool noremote = false;
    std::uint32_t supported_features = 0; ///< bits of 5.6
    template <class Self, class Codec>
    static void fields(Self& m, Codec& c) {
        c(m.port, m.max_kids, m.envs, m.nodename, m.host_platform, m.chroot_possible);
        c.since(26, m.noremote);
        c.since(42, m.supported_features);
    }
};

/// Scheduler to daemon, the answer to Login.
struct CsConf {
    static constexpr std::uint32_t type = 92, since_revision = 0;
    std::uint32_t pong = 3;  ///< seconds between the daemon's load checks
    std::uint32_t ping = 36; ///< seconds
    std::string unused;
    template <class Self, class Codec>
    static void fields(Self& m, Codec& c) {
        c(m.pong, m.ping, m.unused);
    }
};

struct Stats {
    static constexpr std::uint32_t type = 81, since_revision = 0;
    std::uint32_t load = 0;                         ///< 0 to 1000; 1000: give me nothing
    std::uint32_t load1 = 0, load5 = 0, load10 = 0; ///< system load averages, thousandths
    std::uint32_t free_mem = 0;                     ///< MiB
    template <class Self, class Codec>
    static void fields(Self& m, Codec& c) {
        c(m.load, m.load1, m.load5, m.load10, m.free_mem);
    }
};

struct JobBegin {
    static constexpr std::uint32_t type = 76, since_revision = 0;
    std::uint32_t job_id = 0;
    std::uint32_t start_time = 0; ///< seconds since 1970, the daemon's clock
    std::uint32_t client_count = 0;
    template <class Self, class Codec>
    static void fields(Self& m, Codec& c) {
        c(m.job_id, m.start_time);
        c.since(39, m.client_count);
    }
};

/// The layout JOB_DONE and MON_JOB_DONE share.
template <std::uint32_t Type>
struct JobDoneLayout {
    static constexpr std::uint32_t type = Type, since_revision = 0;
    static constexpr std::uint32_t from_submitter_bit = 1;
    static constexpr std::uint32_t unknown_job_bit = 2; ///< job_id holds a client id

    std::uint32_t job_id = 0;
    std::int32_t exitcode = 0;
    std::uint32_t real_msec = 0, user_msec = 0, sys_msec = 0;
    std::uint32_t pfaults = 0;
    std::uint32_t in_compressed = 0, in_uncompressed = 0;
    std::uint32_t out_compressed = 0, out_uncompressed = 0;
    std::uint32_t flags = 0;
    std::uint32_t client_count = 0;

    [[nodiscard]] bool from_submitter() const { return (flags & from_submitter_bit) != 0; }
    [[nodiscard]] bool unknown_job() const { return (flags & unknown_job_bit) != 0; }

    template <class Self, class Codec>
    static void fields(Self& m, Codec& c) {
        c(m.job_id, m.exitcode, m.real_msec, m.user_msec, m.sys_msec, m.pfaults);
        c(m.in_compressed, m.in_uncompressed, m.out_compressed, m.out_uncompressed, m.flags);
        c.since(39, m.client_count);
    }
};

/// Client to daemon (a job it built itself) and daemon to scheduler.
using JobDone = JobDoneLayout<77>;

// --- Scheduler to monitors -------------------------------------------------------------------

struct MonGetCs {
    static constexpr std::uint32_t type = 83, since_revision = 0;
    std::string filename;
    Language language = Language::c;
    std::uint32_t job_id = 0;
    std::uint32_t client_id = 0; ///< host id of the submitter
    template <class Self, class Codec>
    static void fields(Self& m, Codec& c) {
        if (c.base() >= 29) {
            c(m.filename, m.language);
        } else { // a whole GetCs, of which monitors use two fields
            GetCs request;
            request.filename = m.filename;
            request.language = m.language;
            GetCs::fields(request, c);
            if constexpr (Codec::reading) {
                m.filename = request.filename;
                m.language = request.language;
            }
        }
        c(m.job_id, m.client_id);
    }
};

struct MonJobBegin {
    static constexpr std::uint32_t type = 84, since_revision = 0;
    std::uint32_t job_id = 0;
    std::uint32_t start_time = 0;
    std::uint32_t host_id = 0; ///< who compiles
    template <class Self, class Codec>
    static void fields(Self& m, Codec& c) {
        c(m.job_id, m.start_time, m.host_id);
    }
};

using MonJobDone = JobDoneLayout<85>;

struct MonLocalJobBegin {
    static constexpr std::uint32_t type = 86, since_revision = 0;
    std::uint32_t host_id = 0; ///< first here, unlike in MonJobBegin
    std::uint32_t job_id = 0;
    std::uint32_t start_time = 0;
    std::string file;
    template <class Self, class Codec>
    static void fields(Self& m, Codec& c) {
        c(m.host_id, m.job_id, m.start_time, m.file);
    }
};

struct MonStats {
    static constexpr std::uint32_t type = 87, since_revision = 0;
    std::uint32_t host_id = 0;
    std::string text; ///< lines "Key:value" (section 11)
    template <class Self, class Codec>
    static void fields(Self& m, Codec& c) {
        c(m.host_id, m.text);
    }
};

} // namespace ice::wire
