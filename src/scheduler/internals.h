// Internals: collects what daemons answer to GET_INTERNALS for a control session.
//
// All daemons are asked at once and nothing else waits meanwhile; those that have not answered in
// internals_limit are reported as such. A later answer is swallowed, an unasked one is an error.
#pragma once

#include "scheduler/nodes.h"
#include "scheduler/outbox.h"

#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace ice::scheduler {

class Internals {
public:
    explicit Internals(Outbox& out) : out_(out) {}

    /// Ends in one InternalsReady for the session.
    void ask(std::uint64_t session, const std::vector<const Node*>& nodes, Time now);

    /// False if that daemon was not asked.
    [[nodiscard]] bool on_text(PeerId peer, std::string_view text);
    void on_gone(PeerId peer);
    void on_time(Time now);
    [[nodiscard]] std::optional<Time> next_deadline() const;

private:
    struct Answer {
        PeerId peer = 0;
        std::string name;
        bool open = true;
        std::optional<std::string> text;
    };
    struct Question {
        std::uint64_t session = 0;
        Time deadline;
        std::vector<Answer> answers; ///< in the order in which they are shown
    };

    void close_one(PeerId peer, std::optional<std::string> text);
    void finish(const Question& question);

    Outbox& out_;
    std::list<Question> questions_;             ///< the earliest deadline first
    std::unordered_map<PeerId, unsigned> owed_; ///< answers each daemon has yet to give
};

} // namespace ice::scheduler
