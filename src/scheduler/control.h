// Control: the text commands of the control port and their replies (scheduler.md 16).
//
// A line in, text out; sessions, sockets and idle times are the shell's. Everybody who can connect
// may use every command, as upstream.
#pragma once

#include "scheduler/scheduler.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace ice::scheduler {

struct ControlReply {
    std::string text;        ///< whole lines
    bool close = false;      ///< after the text
    bool unfinished = false; ///< an InternalsReady will bring the text; then control_done follows
    Effects effects;
};

/// What ends the output of every command but quit.
inline constexpr std::string_view control_done = "200 done\n";
/// What a session that has to go is told.
inline constexpr std::string_view control_good_bye = "200 Good Bye!\n";

class Control {
public:
    Control(Scheduler& scheduler, std::string version, Time started)
        : scheduler_(scheduler), version_(std::move(version)), started_(started) {}

    [[nodiscard]] std::string greeting(Time now) const;
    [[nodiscard]] ControlReply run(std::uint64_t session, std::string_view line, Time now);

private:
    struct Command;
    struct Call;

    static std::span<const Command> commands();
    void help(Call& call);
    void list_hosts(Call& call);
    void list_jobs(Call& call);
    void list_blocks(Call& call);
    void remove_hosts(Call& call);
    void block_hosts(Call& call);
    void unblock_hosts(Call& call);
    void internals(Call& call);
    void quit(Call& call);

    Scheduler& scheduler_;
    std::string version_;
    Time started_;
};

} // namespace ice::scheduler
