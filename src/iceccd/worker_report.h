// What workers tell the daemon: one message each, framed like the wire's, over the socket pair a
// Worker (worker.h) was started with. Both ends are the same program, so there are no versions.
//
// The report of a compile comes when the compiler's result is known, before its output is sent:
// the slot is free then. A worker that ends without a report has failed; its exit code says no
// more.
#pragma once

#include "wire/fields.h"
#include "wire/version.h"

#include <cstdint>
#include <string>
#include <variant>

namespace ice::iceccd {

/// How a compile ended. Only the first two reached the compiler's own end.
enum class CompileOutcome : std::uint32_t {
    exited,         ///< the compiler exited, with CompileReport::exit_code
    killed,         ///< the compiler was killed by CompileReport::signal
    client_gone,    ///< the client left or sent something else; the compiler was killed
    source_timeout, ///< the source stopped coming; the compiler was killed
    no_compiler,    ///< the environment has no such compiler, or it cannot be executed
    not_confined,   ///< the sandbox could not be built; nothing was run
    failed,         ///< anything else, such as a result that could not be read
};

struct CompileReport {
    static constexpr std::uint32_t type = 1, since_revision = 0;
    CompileOutcome outcome = CompileOutcome::failed;
    std::int32_t exit_code = 0;
    std::uint32_t signal = 0;
    bool out_of_memory = false; ///< or out of disk: the client compiles locally
    std::uint32_t real_ms = 0, user_ms = 0, sys_ms = 0, page_faults = 0;
    std::uint32_t in_compressed = 0, in_uncompressed = 0;
    std::uint32_t out_uncompressed = 0; ///< sizes of all output files together
    std::string note;                   ///< for the log; empty if all went well
    template <class Self, class Codec>
    static void fields(Self& m, Codec& c) {
        c(m.outcome, m.exit_code, m.signal, m.out_of_memory);
        c(m.real_ms, m.user_ms, m.sys_ms, m.page_faults);
        c(m.in_compressed, m.in_uncompressed, m.out_uncompressed, m.note);
    }
};

/// The end of an environment's upload. The connection is the daemon's again unless `broken`.
struct ReceiveReport {
    static constexpr std::uint32_t type = 2, since_revision = 0;
    bool installed = false;         ///< by us, or it was there already
    bool already_installed = false; ///< and was left as it was
    bool broken = false;            ///< the connection is of no further use
    std::string digest;             ///< SHA-256 of the archive
    std::string content_name;       ///< what its content says it should be called
    std::uint32_t archive_kib = 0, unpacked_kib = 0;
    wire::RawText unread; ///< bytes received behind the upload's End
    std::string error;    ///< why not installed
    template <class Self, class Codec>
    static void fields(Self& m, Codec& c) {
        c(m.installed, m.already_installed, m.broken, m.digest, m.content_name);
        c(m.archive_kib, m.unpacked_kib, m.unread, m.error);
    }
};

struct VerifyReport {
    static constexpr std::uint32_t type = 3, since_revision = 0;
    bool ok = false;
    std::string reason; ///< why not
    template <class Self, class Codec>
    static void fields(Self& m, Codec& c) {
        c(m.ok, m.reason);
    }
};

struct NativeReport {
    static constexpr std::uint32_t type = 4, since_revision = 0;
    std::string path;   ///< of the archive, absolute; empty: failed
    std::string digest; ///< SHA-256 of the archive
    std::uint32_t archive_kib = 0;
    std::string error;        ///< why it failed
    wire::StringList sources; ///< what it is made of: see parse_stamp()
    template <class Self, class Codec>
    static void fields(Self& m, Codec& c) {
        c(m.path, m.digest, m.archive_kib, m.error, m.sources);
    }
};

using FromWorker = std::variant<CompileReport, ReceiveReport, VerifyReport, NativeReport>;

inline constexpr wire::Version report_version = wire::our_version;

} // namespace ice::iceccd
