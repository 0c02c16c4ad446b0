#include "iceccd/workplace.h"

#include "base/assert.h"
#include "base/str.h"
#include "iceccd/closing_report.h"

#include <algorithm>

namespace ice::iceccd {

Session* Workplace::find(SessionId id) {
    const auto found = sessions.find(id);
    return found == sessions.end() ? nullptr : &found->second;
}

bool Workplace::in_use(const wire::EnvironmentId& environment) const {
    return std::ranges::any_of(sessions, [&](const auto& item) {
        const auto* used = environment_of(item.second.state);
        return used != nullptr && *used == environment;
    });
}

void Workplace::add(Effect effect) { effects.push_back(std::move(effect)); }

void Workplace::note(Note::Level level, std::string text) { add(Note{level, std::move(text)}); }

void Workplace::send(const Session& session, ToSession message, SendToSession::Passed passed) {
    add(SendToSession{session.id, std::move(message), passed});
}

void Workplace::report(Epoch epoch, wire::FromDaemon message) {
    if (epoch == 0 || epoch != scheduler.epoch)
        return;
    if (auto* done = std::get_if<wire::JobDone>(&message))
        done->client_count = client_count();
    else if (auto* begin = std::get_if<wire::JobBegin>(&message))
        begin->client_count = client_count();
    add(SendToScheduler{std::move(message)});
}

void Workplace::report_end(const Session& session, int exit_code) {
    if (const auto closing = closing_report(session, exit_code, scheduler.version.base))
        report(closing->epoch, closing->message);
}

void Workplace::close(Session& session, int exit_code) {
    report_end(session, exit_code);
    slots.leave(session.id);
    add(DropSession{session.id});
    sessions.erase(session.id);
}

void Workplace::refuse(Session& session, int exit_code, const std::string& why) {
    note(Note::Level::warning,
         str(session.peer, ", client ", session.id, ", ", state_name(session.state), ": ", why));
    send(session, wire::End{});
    close(session, exit_code);
}

} // namespace ice::iceccd
