#include "running_scheduler.h"

#include "base/check.h"
#include "proc/spawn.h"

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <csignal>
#include <fstream>
#include <iterator>
#include <netinet/in.h>
#include <poll.h>
#include <random>
#include <stdexcept>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace ice::test {

namespace {

constexpr std::chrono::milliseconds pause_between_looks{10};

bool is_free(std::uint16_t port) {
    const UniqueFd socket(check(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket"));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return ::bind(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
}

} // namespace

std::uint16_t free_port_pair() {
    // Below those that the kernel gives to the connections of all other tests (ip(7),
    // ip_local_port_range), or one might be taken before the scheduler is there.
    std::random_device entropy;
    std::uniform_int_distribution<std::uint16_t> below_the_kernels(11'000, 32'000);
    for (int attempt = 0; attempt < 100; ++attempt) {
        const std::uint16_t port = below_the_kernels(entropy);
        if (is_free(port) && is_free(static_cast<std::uint16_t>(port + 1)))
            return port;
    }
    throw std::runtime_error("no two free ports in a row");
}

std::string read_all(int fd) {
    std::string all;
    std::array<char, 4096> buffer{};
    const auto deadline = soon();
    while (net::Clock::now() < deadline) {
        pollfd waiting = {fd, POLLIN, 0};
        if (::poll(&waiting, 1, 100) <= 0)
            continue;
        const ssize_t count = ::read(fd, buffer.data(), buffer.size());
        if (count == 0 || (count < 0 && errno != EAGAIN))
            return all;
        if (count > 0)
            all.append(buffer.data(), static_cast<std::size_t>(count));
    }
    return all + "(never closed)";
}

RunningScheduler::RunningScheduler(SchedulerOptions options) : port_(options.port) {
    std::string name = (std::filesystem::temp_directory_path() / "scheduler-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr)
        throw std::runtime_error("mkdtemp");
    directory_ = name;
    std::filesystem::permissions(directory_, std::filesystem::perms::all);
    options.environment.push_back("ICECC_TESTS=1");
    std::vector<std::string> argv = {
        ICECC_SCHEDULER,   "-v", "-v", "-v", "-i", "lo", "-p", std::to_string(port_), "-l",
        directory_ / "log"};
    argv.insert(argv.end(), options.arguments.begin(), options.arguments.end());
    auto child = proc::spawn({.program = ICECC_SCHEDULER,
                              .argv = std::move(argv),
                              .environment = std::move(options.environment),
                              .die_with_parent = true});
    if (!child)
        throw std::runtime_error(child.error().text);
    child_.emplace(*std::move(child));
    if (!logs("scheduler ready, algorithm: FASTEST"))
        throw std::runtime_error("the scheduler does not start: " + log());
}

RunningScheduler::~RunningScheduler() {
    child_.reset();
    std::filesystem::remove_all(directory_);
}

UniqueFd RunningScheduler::connect_raw(std::uint16_t port) const {
    auto fd = net::connect_tcp("127.0.0.1", port, soon());
    if (!fd)
        throw std::runtime_error(fd.error().text);
    return *std::move(fd);
}

net::Channel RunningScheduler::connect() const {
    net::Channel channel(connect_raw(port_), "scheduler");
    if (const auto done = channel.handshake(soon()); !done)
        throw std::runtime_error(done.error().text);
    return channel;
}

std::string RunningScheduler::control(std::string_view commands) const {
    const UniqueFd fd = connect_raw(control_port());
    check(::send(fd.get(), commands.data(), commands.size(), MSG_NOSIGNAL), "send");
    return read_all(fd.get());
}

std::string RunningScheduler::log() const {
    std::ifstream file(directory_ / "log");
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

bool RunningScheduler::logs(std::string_view text) const {
    const auto deadline = soon();
    while (log().find(text) == std::string::npos) {
        if (net::Clock::now() > deadline)
            return false;
        std::this_thread::sleep_for(pause_between_looks);
    }
    return true;
}

proc::ExitStatus RunningScheduler::wait() {
    auto status = child_->wait(soon());
    if (!status)
        throw std::runtime_error(status.error().text);
    return *status;
}

} // namespace ice::test
