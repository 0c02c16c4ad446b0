// Daemon: a real iceccd in a directory of its own, and what is around it.
#pragma once

#include "net/channel.h"
#include "proc/child.h"
#include "wire/links.h"

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace ice::iceccd::test {

using namespace std::chrono_literals;

/// Longest wait for anything: what passes, passes in a fraction of it.
inline constexpr auto patience = 60s;
[[nodiscard]] net::Deadline soon();
/// Polls until it holds; false if it does not in time.
bool eventually(const std::function<bool()>& condition);

/// A directory that everybody may enter and write in, gone with this.
class Directory {
public:
    Directory();
    Directory(const Directory&) = delete;
    ~Directory();
    [[nodiscard]] std::string operator/(const std::string& name) const {
        return path_ + "/" + name;
    }

private:
    std::string path_;
};

/// A scheduler's or helper's listening port on loopback, with the handshake of an acceptor.
class Server {
public:
    Server();
    [[nodiscard]] std::uint16_t port() const;
    [[nodiscard]] net::Channel accept(wire::Version version = wire::plain_version);
    void close() { socket_.reset(); }

private:
    UniqueFd socket_;
};

class Daemon {
public:
    explicit Daemon(std::vector<std::string> options = {});

    [[nodiscard]] net::Channel connect(wire::Version version = wire::our_version) const;
    [[nodiscard]] UniqueFd connect_raw() const;
    [[nodiscard]] std::string log() const;
    [[nodiscard]] std::size_t count_in_log(const std::string& text) const;
    [[nodiscard]] std::string socket_path() const { return directory_ / "socket"; }
    void signal(int number) const { child_->kill(number); }
    [[nodiscard]] proc::ExitStatus wait();

private:
    Directory directory_;
    std::optional<proc::Child> child_;
};

/// The next message, which has to come.
template <class M, class Link = wire::FromLocalDaemon>
M expect(net::Channel& channel) {
    auto message = channel.receive<Link>(soon());
    if (!message)
        throw std::runtime_error(message.error().text);
    return std::get<M>(*std::move(message));
}
/// The next message of that kind; others are passed over.
template <class M, class Link>
M await(net::Channel& channel) {
    for (;;) {
        auto message = channel.receive<Link>(soon());
        if (!message)
            throw std::runtime_error(message.error().text);
        if (auto* wanted = std::get_if<M>(&*message))
            return std::move(*wanted);
    }
}
template <class M>
void say(net::Channel& channel, const M& message) {
    const auto sent = channel.send(message, soon());
    if (!sent)
        throw std::runtime_error(sent.error().text);
}
/// Whether the channel stays silent for a moment: for what must not happen.
[[nodiscard]] bool silent(const net::Channel& channel);

} // namespace ice::iceccd::test
