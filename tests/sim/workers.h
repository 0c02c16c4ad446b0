// Workers: stand-ins for the processes a daemon forks for slow work. They take time, look at the
// machine's disk, sometimes fail, and report as iceccd/worker_report.h says.
#pragma once

#include "iceccd/native_cache.h"
#include "iceccd/upload_mode.h"
#include "iceccd/worker_report.h"
#include "sim/surroundings.h"

#include <functional>
#include <optional>
#include <string>

namespace ice::sim {

/// Which unit a compile request is of: clients write it into the arguments.
[[nodiscard]] wire::StringList arguments_of(Unit unit);
[[nodiscard]] Unit unit_of(const wire::CompileFile& request);

/// The name that an environment's content gives it; "" for what was put together by hand.
[[nodiscard]] Content genuine_content(const std::string& name);
[[nodiscard]] std::string name_in(const Content& content);

/// Reads an environment from a client and installs it.
class Receiver {
public:
    struct Task {
        wire::EnvironmentId environment;
        std::string expected_digest;
        iceccd::UploadMode mode = iceccd::UploadMode::install;
        wire::Version version;
    };
    /// The stream comes back with the report; it is none if the worker was killed.
    using Report = std::function<void(Stream, iceccd::ReceiveReport)>;

    Receiver(Surroundings& around, Machine& machine, Stream stream, Task task, Report report);
    Receiver(const Receiver&) = delete;
    Receiver& operator=(const Receiver&) = delete;

private:
    void on_packet(const Packet& packet);
    void unpack();
    void end(iceccd::ReceiveReport report);

    Surroundings& around_;
    Machine& machine_;
    Stream stream_;
    Task task_;
    Report report_;
    Content content_;
    Timers timers_;
};

/// Tries an environment.
class Verifier {
public:
    using Report = std::function<void(const iceccd::VerifyReport&)>;

    Verifier(Surroundings& around, Machine& machine, wire::EnvironmentId environment,
             Report report);
    Verifier(const Verifier&) = delete;
    Verifier& operator=(const Verifier&) = delete;
    ~Verifier();

private:
    void leave();

    Surroundings& around_;
    Machine& machine_;
    wire::EnvironmentId environment_;
    Report report_;
    bool runs_ = true; ///< until reported
    Timers timers_;
};

/// Compiles for a client of another machine.
class Compiler {
public:
    struct Task {
        wire::CompileFile request;
        wire::EnvironmentId environment;
        wire::Version version;
    };
    /// Nothing, if it died.
    using Report = std::function<void(const std::optional<iceccd::CompileReport>&)>;

    Compiler(Surroundings& around, Machine& machine, Stream stream, Task task, Report report,
             std::function<void()> ended);
    Compiler(const Compiler&) = delete;
    Compiler& operator=(const Compiler&) = delete;
    ~Compiler();

private:
    void on_packet(const Packet& packet);
    void compile();
    void finish(const Content& content);
    void deliver(const Content& content);
    /// The compiler is not there any more, and the daemon knows.
    void report(const std::optional<iceccd::CompileReport>& report);
    void fail(iceccd::CompileOutcome outcome);

    Surroundings& around_;
    Machine& machine_;
    Stream stream_;
    Task task_;
    Unit unit_;
    Report report_;
    std::function<void()> ended_;
    bool runs_ = true; ///< until reported
    Timers timers_;
};

} // namespace ice::sim
