#include "scheduler/outbox.h"

namespace ice::scheduler {

void Outbox::send(PeerId to, wire::FromScheduler message) {
    effects_.emplace_back(SendToDaemon{to, std::move(message)});
}

void Outbox::tell_monitors(wire::ToMonitor message) {
    if (monitors_ > 0)
        effects_.emplace_back(TellMonitors{std::move(message)});
}

void Outbox::add(Effect effect) { effects_.push_back(std::move(effect)); }

void Outbox::keep_note(Severity severity, std::string text) {
    effects_.emplace_back(Note{severity, std::move(text)});
}

} // namespace ice::scheduler
