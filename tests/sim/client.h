// Client: one run of the compiler's stand-in, from connecting to its daemon to its exit.
//
// A model of src/icecc: the same conversation with the same limits (icecc/limits.h), without
// compilers. It insists on what it may expect of a daemon: an answer that it did not ask for, an
// object that is another unit's, or one by another compiler than its own, are violations.
#pragma once

#include "sim/surroundings.h"
#include "wire/links.h"

#include <functional>
#include <optional>
#include <string>

namespace ice::sim {

struct ClientPlan {
    enum class Kind { compile, link, full_link };

    Unit unit = 0;
    MachineNumber machine = 0;
    Kind kind = Kind::compile;
    bool own_archive = false; ///< an environment of its user's making (ICECC_VERSION)
    std::uint32_t niceness = 0;
    std::string preferred_host;
    Duration work{};        ///< of the compiler, if it runs here
    Duration preparation{}; ///< of the source, piece by piece
    bool calm = false;      ///< nothing will go wrong around it
};

class Client {
public:
    enum class Outcome { remote, own, local, without_daemon };
    /// What it has to say about its end; nothing is to be done with the client but dropping it.
    struct End {
        Outcome outcome;
        bool fell_back = false;
        bool lost_patience = false;
    };
    using Done = std::function<void(const End&)>;

    Client(Surroundings& around, ClientPlan plan, Done done);
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;
    ~Client();

    [[nodiscard]] const ClientPlan& plan() const { return plan_; }
    [[nodiscard]] std::string_view step_name() const;

private:
    enum class Step {
        connecting,
        native,
        host,
        own_build,
        stream,
        helper_hello,
        verifying,
        compiling,
        outputs,
        slot,
        local_build,
        over,
    };

    /// What it wants compiled with.
    struct Toolchain {
        std::string name;
        Content content;
        unsigned stamp_when_asked = 0;
    };

    void enter(Step step, Duration limit);
    void give_up_waiting();
    void connect();
    void on_connected();
    void on_daemon_packet(Packet packet);
    void on_daemon_closed();
    void on(const wire::NativeEnv& answer);
    void on(const wire::UseCs& answer);
    void on_stream_opened(const wire::StreamOpened& answer, Stream stream);
    void on(const wire::JobLocalBegin& answer);
    void ask_for_native();
    void ask_for_host();
    void ask_for_slot();
    void build_own(const wire::UseCs& answer);
    void start_helper(Stream stream);
    void connect_to_helper();
    void on_helper_packet(const Packet& packet);
    void on_helper_hello(wire::Version theirs);
    void on(const wire::VerifyEnvResult& answer);
    void on(const wire::CompileResult& result);
    void on_object(const std::string& bytes);
    void send_environment();
    void send_job();
    void fall_back(const std::string& why);
    void build_here();
    void finish(Outcome outcome);
    void leave_slot();
    [[nodiscard]] wire::Version version() const { return *daemon_version_; }
    [[noreturn]] void unexpected(const std::string& what) const;
    [[nodiscard]] std::string who() const;

    Surroundings& around_;
    Machine& machine_;
    ClientPlan plan_;
    Done done_;
    Step step_ = Step::connecting;
    bool remote_tried_ = false; ///< and failed: from now on, only a slot is wanted
    bool lost_patience_ = false;
    Toolchain toolchain_;
    Stream daemon_;
    std::optional<wire::Version> daemon_version_;
    wire::UseCs host_;
    Stream helper_;
    std::optional<wire::Version> helper_version_;
    bool has_object_ = false;
    Timers timers_;
    Timer patience_;
};

} // namespace ice::sim
