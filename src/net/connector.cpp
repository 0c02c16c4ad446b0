#include "net/connector.h"

#include "base/str.h"
#include "net/connect.h"

namespace ice::net {

Connector::Connector(EventLoop& loop, const std::string& address, std::uint16_t port,
                     Deadline deadline, std::function<void(Result<UniqueFd>)> on_done)
    : target_(str(address, ':', port)),
      on_done_(std::move(on_done)),
      attempt_(start_connect_tcp(address, port)) {
    if (attempt_) {
        watch_ = Watch(loop, attempt_->get(), Interest::write, [this](Ready) { finish(); });
        timer_ = Timer(loop, [this] {
            report(Error{Errc::timeout, str("connect to ", target_, ": no answer in time")});
        });
        timer_.arm(deadline);
    } else {
        timer_ = Timer(loop, [this] { report(attempt_.error()); });
        timer_.arm(loop.now());
    }
}

void Connector::finish() {
    const auto connected = finish_connect(attempt_->get(), target_);
    if (!connected)
        return report(connected.error());
    watch_.reset();
    report(*std::move(attempt_));
}

void Connector::report(Result<UniqueFd> result) {
    watch_.reset();
    timer_.reset();
    const auto on_done = std::exchange(on_done_, {});
    on_done(std::move(result)); // may have destroyed *this
}

} // namespace ice::net
