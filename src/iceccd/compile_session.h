// CompileSession: one confined compiler between its client and us, from its start to its end.
//
// Turns the client's chunks into its stdin, gathers its stdout and stderr to the last byte, and
// watches for a client that leaves, stalls or changes its mind. Dropping it kills the compiler.
#pragma once

#include "iceccd/capture.h"
#include "iceccd/patience.h"
#include "iceccd/source_feed.h"
#include "iceccd/worker_compile.h"
#include "net/channel.h"
#include "sandbox/workspace.h"

#include <memory>
#include <optional>
#include <string>

namespace ice::iceccd {

/// Our ends of the compiler's pipes.
struct CompilerPipes {
    UniqueFd input, output, errors;
    std::unique_ptr<QuotedSources> quotes = {}; ///< for a compiler that quotes its source
};

class CompileSession {
public:
    CompileSession(net::Channel& client, sandbox::Running compiler, CompilerPipes pipes,
                   const CompileTimes& times);

    /// Until the compiler has ended, its texts are complete and the source has been read. Errors:
    /// timeout, the source stopped coming; any other, the client left or broke the protocol.
    Result<proc::ExitStatus> run();

    /// The compiler and all it has started.
    void kill() { compiler_.kill(); }

    [[nodiscard]] const SourceFeed& source() const { return source_; }
    [[nodiscard]] std::string& out() { return output_.text(); }
    [[nodiscard]] std::string& err() { return errors_.text(); }

private:
    [[nodiscard]] bool done() const;
    [[nodiscard]] bool waits_for_source() const;
    [[nodiscard]] net::Deadline deadline() const;
    Result<void> wait();
    Result<void> handle_client();
    Result<void> give_up();
    Result<void> take_status();

    net::Channel& client_;
    sandbox::Running compiler_;
    SourceFeed source_;
    Capture output_, errors_;
    std::optional<proc::ExitStatus> status_; ///< once it has ended
    Patience patience_;                      ///< with the source, while we could take some
    net::Deadline end_;                      ///< of the compile as a whole
};

} // namespace ice::iceccd
