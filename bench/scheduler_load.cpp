// A thousand fake daemons that keep a real scheduler busy over real sockets.
//
//   scheduler_load PORT PID [NODES] [JOBS] [SECONDS]
//
// Every node is a submitter and a helper, on an address of its own in 127.1.0.0/16. The number of
// jobs under way is constant: half of them were asked for, the others are being "compiled", and
// when one more is assigned the oldest ends and its submitter asks for the next. So the scheduler
// has always something to do, and each of its decisions follows from messages of its own.
//
// Prints what the scheduler at PORT, process PID, did in SECONDS, as one line of JSON.
#include "net/connect.h"
#include "net/connection.h"
#include "net/interfaces.h"
#include "net/listener.h"
#include "wire/links.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <unordered_map>
#include <vector>

using namespace ice;
using namespace std::chrono_literals;

namespace {

constexpr std::uint32_t slots = 8;
constexpr auto login_patience = 600s;
/// Upstream's scheduler leaves its listener alone for a second after it accepted somebody, and
/// looks again only when something wakes it (scheduler.md 3): a discovery packet does.
constexpr auto knock_pause = 100ms;
constexpr auto warm_up = 2s;
const wire::EnvironmentId environment = {"x86_64", "8b59cf5c35b2033fe114a01a619d2eea"};

struct Options {
    std::uint16_t port = 0;
    std::uint32_t pid = 0;
    std::uint32_t nodes = 1000;
    std::uint32_t jobs = 1000;
    std::uint32_t seconds = 10;
};

[[noreturn]] void give_up(std::string_view why) {
    std::fprintf(stderr, "scheduler_load: %.*s\n", static_cast<int>(why.size()), why.data());
    std::exit(1);
}

std::string address_of(std::size_t node) {
    return str("127.1.", (node >> 8) & 0xff, ".", node & 0xff);
}

sockaddr_in socket_address(const std::string& address, std::uint16_t port) {
    sockaddr_in name{};
    name.sin_family = AF_INET;
    name.sin_port = htons(port);
    if (::inet_pton(AF_INET, address.c_str(), &name.sin_addr) != 1)
        give_up("not an address: " + address);
    return name;
}

/// Connecting to the scheduler from the node's own address: by that it will be told apart.
UniqueFd connect_from(const std::string& address, std::uint16_t port) {
    UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    const sockaddr_in own = socket_address(address, 0);
    const sockaddr_in scheduler = socket_address("127.0.0.1", port);
    if (!fd || ::bind(fd.get(), reinterpret_cast<const sockaddr*>(&own), sizeof own) != 0)
        give_up("cannot bind to " + address);
    if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&scheduler), sizeof scheduler) != 0 &&
        errno != EINPROGRESS)
        give_up("cannot connect to the scheduler");
    return fd;
}

/// Processor time of another process, in nanoseconds.
std::uint64_t cpu_time_of(std::uint32_t pid) {
    clockid_t clock{};
    timespec time{};
    if (::clock_getcpuclockid(static_cast<pid_t>(pid), &clock) != 0 ||
        ::clock_gettime(clock, &time) != 0)
        give_up("cannot read the scheduler's processor time");
    return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000'000 +
           static_cast<std::uint64_t>(time.tv_nsec);
}

class Load {
public:
    explicit Load(const Options& options)
        : options_(options),
          listener_(loop_, open_port(),
                    {.on_accepted = [](const UniqueFd& /*closed at once*/) {},
                     .on_trouble = [](const Error& why) { give_up(why.text); }}),
          knocker_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)),
          knock_(loop_, [this] { knock(); }) {}

    void run() {
        const auto start = net::Clock::now();
        log_in_all();
        const double login_seconds = seconds_since(start);
        for (std::uint32_t i = 0; i < options_.jobs; ++i)
            ask(i % options_.nodes);
        turn_until(net::Clock::now() + warm_up);
        const std::uint64_t assigned = assigned_;
        const std::uint64_t cpu = cpu_time_of(options_.pid);
        const auto measured = net::Clock::now();
        turn_until(measured + std::chrono::seconds(options_.seconds));
        const double seconds = seconds_since(measured);
        std::printf("{\"assignments\": %llu, \"seconds\": %.3f, \"cpu_ns\": %llu, "
                    "\"login_seconds\": %.2f, \"used_nodes\": %zu}\n",
                    static_cast<unsigned long long>(assigned_ - assigned), seconds,
                    static_cast<unsigned long long>(cpu_time_of(options_.pid) - cpu), login_seconds,
                    used_nodes());
    }

private:
    struct Node {
        std::unique_ptr<net::Connection> link;
        bool logged_in = false;
        std::uint32_t last_client = 0;
        std::uint64_t served = 0;
    };
    struct Running {
        std::size_t server = 0;
        std::size_t submitter = 0;
        std::uint32_t job = 0;
    };

    /// What the scheduler connects to when it tests whether a node can be reached.
    UniqueFd open_port() {
        auto socket = net::listen_tcp("0.0.0.0", 0);
        if (!socket)
            give_up(socket.error().text);
        port_ = net::own_port(socket->get());
        return *std::move(socket);
    }

    void log_in_all() {
        nodes_.resize(options_.nodes);
        for (std::size_t i = 0; i < nodes_.size(); ++i)
            connect(i);
        knock();
        const auto deadline = net::Clock::now() + login_patience;
        while (logged_in_ < nodes_.size()) {
            loop_.turn(deadline);
            if (net::Clock::now() > deadline)
                give_up(str("only ", logged_in_, " nodes could log in"));
        }
        knock_.disarm();
    }

    void connect(std::size_t i) {
        const std::string address = address_of(i + 1);
        by_address_.emplace(address, i);
        net::Connection::Handlers handlers = {
            .on_ready = [this, i] { log_in(i); },
            .on_frame = net::decoded<wire::FromScheduler>(
                [this, i](const wire::FromScheduler& message) { return take(i, message); }),
            .on_closed = [](const Error& why) { give_up(why.text); }};
        nodes_[i].link = std::make_unique<net::Connection>(
            loop_, connect_from(address, options_.port),
            wire::Handshake(wire::Handshake::Side::connector, wire::plain_version),
            std::move(handlers), net::ConnectionLimits{.stream = {}, .handshake = login_patience});
    }

    void log_in(std::size_t i) {
        nodes_[i].link->send(wire::Login{.port = port_,
                                         .max_kids = slots,
                                         .envs = {environment},
                                         .nodename = str("node", i),
                                         .host_platform = "x86_64",
                                         .chroot_possible = true,
                                         .noremote = false,
                                         .supported_features = 3});
        nodes_[i].link->send(
            wire::Stats{.load = static_cast<std::uint32_t>(i % 500), .free_mem = 4000});
    }

    void knock() {
        const sockaddr_in scheduler = socket_address("127.0.0.1", options_.port);
        const char version = 38;
        // One that is lost is followed by the next.
        static_cast<void>(::sendto(knocker_.get(), &version, 1, MSG_DONTWAIT,
                                   reinterpret_cast<const sockaddr*>(&scheduler),
                                   sizeof scheduler));
        knock_.arm_after(knock_pause);
    }

    Result<void> take(std::size_t i, const wire::FromScheduler& message) {
        if (const auto* answer = std::get_if<wire::UseCs>(&message)) {
            start(by_address_.at(answer->hostname), i, answer->job_id);
        } else if (const auto* own = std::get_if<wire::NoCs>(&message)) {
            start(i, i, own->job_id);
        } else if (std::holds_alternative<wire::CsConf>(message) && !nodes_[i].logged_in) {
            nodes_[i].logged_in = true;
            ++logged_in_;
        }
        return {};
    }

    void ask(std::size_t i) {
        Node& node = nodes_[i];
        node.link->send(wire::GetCs{.versions = {environment},
                                    .filename = "some/folder/source.cpp",
                                    .language = wire::Language::cxx,
                                    .target = "x86_64",
                                    .client_id = ++node.last_client,
                                    .client_count = 1});
    }

    void start(std::size_t server, std::size_t submitter, std::uint32_t job) {
        ++assigned_;
        ++nodes_[server].served;
        nodes_[server].link->send(wire::JobBegin{.job_id = job, .start_time = 1});
        running_.push_back({server, submitter, job});
        if (running_.size() > options_.jobs / 2)
            finish_oldest();
    }

    void finish_oldest() {
        const Running ended = running_.front();
        running_.pop_front();
        wire::JobDone message;
        message.job_id = ended.job;
        message.real_msec = 600;
        message.user_msec = 500;
        message.out_uncompressed = 50'000 + static_cast<std::uint32_t>(ended.server % 100) * 1000;
        nodes_[ended.server].link->send(message);
        ask(ended.submitter);
    }

    void turn_until(net::TimePoint end) {
        while (net::Clock::now() < end)
            loop_.turn(end);
    }

    static double seconds_since(net::TimePoint start) {
        return std::chrono::duration<double>(net::Clock::now() - start).count();
    }

    [[nodiscard]] std::size_t used_nodes() const {
        return static_cast<std::size_t>(
            std::ranges::count_if(nodes_, [](const Node& node) { return node.served > 0; }));
    }

    Options options_;
    net::EventLoop loop_;
    std::uint16_t port_ = 0;
    net::Listener listener_;
    UniqueFd knocker_;
    net::Timer knock_;
    std::vector<Node> nodes_;
    std::unordered_map<std::string, std::size_t> by_address_;
    std::deque<Running> running_;
    std::size_t logged_in_ = 0;
    std::uint64_t assigned_ = 0;
};

template <class Number>
void read_number(int argc, char** argv, int index, Number& value) {
    if (index >= argc)
        return;
    const std::string_view text = argv[index];
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value == 0)
        give_up(str("not a number above 0: ", text));
}

} // namespace

int main(int argc, char** argv) {
    if (argc < 3)
        give_up("usage: scheduler_load PORT PID [NODES] [JOBS] [SECONDS]");
    Options options;
    read_number(argc, argv, 1, options.port);
    read_number(argc, argv, 2, options.pid);
    read_number(argc, argv, 3, options.nodes);
    read_number(argc, argv, 4, options.jobs);
    read_number(argc, argv, 5, options.seconds);
    Load(options).run();
    return 0;
}
