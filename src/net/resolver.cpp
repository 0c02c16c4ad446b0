#include "net/resolver.h"

#include "base/check.h"
#include "base/str.h"

#include <Poco/Exception.h>
#include <Poco/Net/DNS.h>
#include <Poco/Net/HostEntry.h>
#include <Poco/Net/IPAddress.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

namespace ice::net {

namespace {

// The answer on the pipe is one of these characters and a text; the end of file ends it.
constexpr char found = '+';
constexpr char not_found = '-';

/// Longest answer taken; writes up to this size are atomic (PIPE_BUF), so one write is enough.
constexpr std::size_t answer_limit = 512;

std::string look_up(const std::string& host) {
    try {
        const Poco::Net::HostEntry entry = Poco::Net::DNS::hostByName(host);
        for (const Poco::Net::IPAddress& address : entry.addresses())
            if (address.family() == Poco::Net::IPAddress::IPv4)
                return found + address.toString();
        return str(not_found, "it has no IPv4 address");
    } catch (const Poco::Exception& exception) {
        return not_found + exception.displayText();
    }
}

} // namespace

bool is_numeric_address(const std::string& host) {
    Poco::Net::IPAddress address;
    return Poco::Net::IPAddress::tryParse(host, address) &&
           address.family() == Poco::Net::IPAddress::IPv4;
}

int answer_lookup(const std::string& host, int answer) {
    const std::string text = look_up(host).substr(0, answer_limit);
    return ::write(answer, text.data(), text.size()) == static_cast<ssize_t>(text.size()) ? 0 : 1;
}

Resolver::Resolver(EventLoop& loop, std::string host, UniqueFd answer, Deadline deadline,
                   std::function<void(Result<std::string>)> on_done)
    : host_(std::move(host)),
      answer_(std::move(answer)),
      on_done_(std::move(on_done)),
      watch_(loop, answer_.get(), Interest::read, [this](Ready) { read_answer(); }),
      timer_(loop, [this] {
          report(Error{Errc::timeout, str(host_, ": no answer in time")});
      }) {
    timer_.arm(deadline);
}

void Resolver::read_answer() {
    std::array<char, answer_limit> buffer;
    const ssize_t size = ::read(answer_.get(), buffer.data(), buffer.size());
    if (size < 0)
        return report(system_error(str(host_, ": read")));
    received_.append(buffer.data(), static_cast<std::size_t>(size));
    if (size > 0 && received_.size() <= answer_limit)
        return;
    if (received_.size() > 1 && received_.front() == found)
        return report(received_.substr(1));
    report(Error{Errc::not_found,
                 str(host_, ": ", received_.empty() ? "the lookup died" : received_.substr(1))});
}

void Resolver::report(Result<std::string> result) {
    watch_.reset();
    timer_.reset();
    const auto on_done = std::exchange(on_done_, {});
    on_done(std::move(result)); // may have destroyed *this
}

} // namespace ice::net
