#include "daemon.h"

#include "base/check.h"
#include "net/connect.h"
#include "proc/spawn.h"

#include <arpa/inet.h>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <netinet/in.h>
#include <poll.h>
#include <sstream>
#include <sys/socket.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

namespace ice::iceccd::test {

net::Deadline soon() { return net::Clock::now() + patience; }

bool eventually(const std::function<bool()>& condition) {
    const auto deadline = soon();
    while (!condition()) {
        if (net::Clock::now() > deadline)
            return false;
        std::this_thread::sleep_for(10ms);
    }
    return true;
}

bool silent(const net::Channel& channel) {
    pollfd readable{channel.fd(), POLLIN, 0};
    return ::poll(&readable, 1, 200) == 0;
}

Directory::Directory() {
    std::string path = "/tmp/iceccd-test-XXXXXX";
    if (::mkdtemp(path.data()) == nullptr)
        throw SystemError(errno, "mkdtemp");
    path_ = path;
    // A daemon started by root gives its rights up and still has to write here.
    check(::chmod(path_.c_str(), 0777), "chmod");
}

Directory::~Directory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

Server::Server() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    check(::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address),
          "bind");
    check(::listen(socket_.get(), 16), "listen");
}

std::uint16_t Server::port() const {
    sockaddr_in address{};
    socklen_t size = sizeof address;
    check(::getsockname(socket_.get(), reinterpret_cast<sockaddr*>(&address), &size),
          "getsockname");
    return ntohs(address.sin_port);
}

net::Channel Server::accept(wire::Version version) {
    pollfd readable{socket_.get(), POLLIN, 0};
    if (::poll(&readable, 1, static_cast<int>(std::chrono::milliseconds(patience).count())) != 1)
        throw std::runtime_error("nobody connects");
    net::Channel channel(
        UniqueFd(::accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK)),
        "the daemon");
    const auto agreed =
        channel.handshake(soon(), wire::Handshake(wire::Handshake::Side::acceptor, version));
    if (!agreed)
        throw std::runtime_error(agreed.error().text);
    return channel;
}

Daemon::Daemon(std::vector<std::string> options) {
    std::vector<std::string> argv{
        ICECCD, "-vvv", "-b", directory_ / "envs", "-l", directory_ / "log", "-N", "node"};
    argv.insert(argv.end(), options.begin(), options.end());
    auto child =
        proc::spawn({.program = ICECCD,
                     .argv = argv,
                     .environment = std::vector<std::string>{"ICECC_TEST_SOCKET=" + socket_path(),
                                                             "ICECC_TESTS=1", "PATH=/usr/bin:/bin",
                                                             "HOME=" + (directory_ / "home")},
                     .die_with_parent = true});
    if (!child)
        throw std::runtime_error(child.error().text);
    child_.emplace(*std::move(child));
    const auto serving = [this] { return count_in_log("Netnames:") == 1; };
    if (!eventually(serving))
        throw std::runtime_error("the daemon does not start: " + log());
}

net::Channel Daemon::connect(wire::Version version) const {
    net::Channel channel(connect_raw(), "the daemon");
    const auto agreed =
        channel.handshake(soon(), wire::Handshake(wire::Handshake::Side::connector, version));
    if (!agreed)
        throw std::runtime_error(agreed.error().text);
    return channel;
}

UniqueFd Daemon::connect_raw() const {
    auto fd = net::connect_unix(socket_path(), soon());
    if (!fd)
        throw std::runtime_error(fd.error().text);
    return *std::move(fd);
}

std::string Daemon::log() const {
    std::ifstream file(directory_ / "log");
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

std::size_t Daemon::count_in_log(const std::string& text) const {
    const std::string all = log();
    std::size_t count = 0;
    for (auto at = all.find(text); at != std::string::npos; at = all.find(text, at + 1))
        ++count;
    return count;
}

proc::ExitStatus Daemon::wait() {
    auto status = child_->wait(soon());
    if (!status)
        throw std::runtime_error(status.error().text);
    return *status;
}

} // namespace ice::iceccd::test
