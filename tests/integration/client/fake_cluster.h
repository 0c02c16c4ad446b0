// FakeCluster: a daemon and a helper that speak the real protocol and misbehave on request.
//
// Both live in threads of the test; the daemon listens on a unix socket. At revision 1 the helper's
// connection is handed over by the daemon, in the plain protocol the client connects by itself.
#pragma once

#include "base/unique_fd.h"
#include "net/channel.h"
#include "wire/links.h"

#include <atomic>
#include <cstdint>
#include <mutex>
#include <ostream>
#include <string>
#include <thread>
#include <vector>

namespace ice::icecc::test {

/// Where the helper stops being one, or what it answers.
enum class Helper {
    compiles, ///< with the real gcc
    pretends, ///< answers with an object of its own making
    hangs_up_at_once,
    hangs_up_after_handshake,
    hangs_up_on_the_job,
    hangs_up_in_the_source,
    hangs_up_after_the_source,
    hangs_up_before_the_object,
    hangs_up_in_the_object,
    sends_garbage,
    sends_another_message,
    sends_status_text,
    sends_a_broken_chunk,
    sends_crumbs,
    sends_no_file,
    runs_out_of_memory,
    is_killed,
    fails_silently,
    never_answers,
    warns,
    hangs_up_when_asked_again,
    never_repeats_itself, ///< no two objects are the same
    cannot_verify,
    verifies, ///< takes an environment, then pretends
};

enum class Daemon {
    serves,
    hands_the_job_back,
    has_no_environment,
    hangs_up_on_the_host_request,
    cannot_connect,
    hangs_up_on_the_stream,
    hangs_up_on_the_local_slot,
};

std::ostream& operator<<(std::ostream& out, Helper helper);
std::ostream& operator<<(std::ostream& out, Daemon daemon);

struct ClusterPlan {
    Helper helper = Helper::pretends;
    Daemon daemon = Daemon::serves;
    wire::Version version = wire::our_version;
    bool has_environment = true;
};

class FakeCluster {
public:
    /// Listens at `directory`/socket; the environment is the file `directory`/0123.tar.gz.
    FakeCluster(ClusterPlan plan, std::string directory);
    ~FakeCluster();
    FakeCluster(const FakeCluster&) = delete;
    FakeCluster& operator=(const FakeCluster&) = delete;

    [[nodiscard]] std::string socket_path() const { return directory_ + "/socket"; }

    /// Stops listening and waits for what is under way; call it before looking at what follows.
    void stop();

    [[nodiscard]] bool saw(const std::string& event) const;
    [[nodiscard]] std::size_t environment_bytes() const { return environment_bytes_; }
    [[nodiscard]] int answers() const { return answers_; }
    [[nodiscard]] wire::CompileFile job() const;
    [[nodiscard]] wire::JobDone report() const;

private:
    void note(std::string event);
    void serve_daemon();
    void serve_client(UniqueFd fd);
    bool answer(net::Channel& client, const wire::FromClient& message);
    bool open_stream(net::Channel& client, std::uint32_t job_id);
    void serve_helper_port();
    void help(UniqueFd fd);
    bool take_environment(net::Channel& client);
    bool take_job(net::Channel& client, std::string& source);
    void send_result(net::Channel& client, const std::string& source);
    void send_object(net::Channel& client, const std::string& object);

    ClusterPlan plan_;
    std::string directory_;
    UniqueFd daemon_listener_;
    std::uint16_t helper_port_ = 0;
    UniqueFd helper_listener_;
    std::atomic<bool> stopping_ = false;
    std::atomic<std::size_t> environment_bytes_ = 0;
    std::atomic<int> answers_ = 0;

    mutable std::mutex mutex_;
    std::vector<std::string> events_;
    wire::CompileFile job_;
    wire::JobDone report_;

    std::vector<std::thread> helpers_;
    std::thread daemon_thread_;
    std::thread port_thread_;
};

} // namespace ice::icecc::test
