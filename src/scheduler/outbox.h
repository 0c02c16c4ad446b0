// Outbox: where the parts of the core leave their effects until the event is over.
#pragma once

#include "base/str.h"
#include "scheduler/effects.h"

#include <utility>

namespace ice::scheduler {

class Outbox {
public:
    explicit Outbox(Severity verbosity) : verbosity_(verbosity) {}

    void send(PeerId to, wire::FromScheduler message);
    /// Nothing is kept if nobody watches.
    void tell_monitors(wire::ToMonitor message);
    void add(Effect effect);

    [[nodiscard]] bool notes(Severity severity) const { return severity <= verbosity_; }
    template <class... Parts>
    void note(Severity severity, const Parts&... parts) {
        if (notes(severity))
            keep_note(severity, str(parts...));
    }

    [[nodiscard]] bool watched() const { return monitors_ > 0; }
    void monitor_came() { ++monitors_; }
    void monitor_left() { --monitors_; }

    [[nodiscard]] Effects take() { return std::exchange(effects_, {}); }

private:
    void keep_note(Severity severity, std::string text);

    Severity verbosity_;
    std::size_t monitors_ = 0;
    Effects effects_;
};

} // namespace ice::scheduler
