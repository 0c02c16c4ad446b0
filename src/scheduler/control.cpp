#include "scheduler/control.h"

#include "base/str.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>
#include <vector>

namespace ice::scheduler {

namespace {

std::vector<std::string> words_of(std::string_view line) {
    std::vector<std::string> words;
    while (true) {
        line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
        if (line.empty())
            return words;
        const std::size_t end = std::min(line.find(' '), line.size());
        words.emplace_back(line.substr(0, end));
        line.remove_prefix(end);
    }
}

std::string lower_case(std::string text) {
    for (char& c : text)
        c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return text;
}

std::string two_decimals(double number) {
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%.2f", number);
    return text.data();
}

std::string job_line(const Job& job) {
    return str(job.id, " ", state_text(job.state), " sub:", job.submitter->name,
               " on:", job.server == nullptr ? "<unknown>" : job.server->name, " ", job.filename,
               "\n");
}

std::string host_line(const Node& node, Time now) {
    std::string line = str(" ", node.name, " (", node.info.address, ":", node.port, ") [",
                           node.platform, "] speed=", two_decimals(node.record.speed()),
                           " jobs=", node.occupied(), "/", node.slots, " load=", node.load);
    if (node.installing) {
        const auto age =
            std::chrono::duration_cast<std::chrono::seconds>(now - node.installing->since);
        line += str(" busy installing since ", age.count(), " s");
    }
    return line + "\n";
}

} // namespace

/// One command as it was typed, and what becomes of it.
struct Control::Call {
    std::uint64_t session = 0;
    std::vector<std::string> arguments;
    Time now;
    ControlReply reply;
};

struct Control::Command {
    std::string_view name;
    void (Control::*run)(Call& call);
    /// What is said if there are no arguments and the command needs some.
    std::string_view complaint;
    bool listed = true; ///< by help
};

std::span<const Control::Command> Control::commands() {
    static constexpr std::array<Command, 10> table = {{
        {"listcs", &Control::list_hosts, ""},
        {"listblocks", &Control::list_blocks, ""},
        {"listjobs", &Control::list_jobs, ""},
        {"removecs", &Control::remove_hosts, "401 Sure. But which hosts?\n"},
        {"blockcs", &Control::block_hosts, "401 Sure. But which hosts?\n"},
        {"unblockcs", &Control::unblock_hosts, "401 Sure. But which host?\n"},
        {"internals", &Control::internals, ""},
        {"help", &Control::help, ""},
        {"quit", &Control::quit, ""},
        {"exit", &Control::quit, "", false},
    }};
    return table;
}

std::string Control::greeting(Time now) const {
    const auto uptime = std::chrono::duration_cast<std::chrono::seconds>(now - started_);
    const Cluster& cluster = scheduler_.cluster();
    return str("200-ICECC ", version_, ": ", uptime.count(), "s uptime, ", cluster.nodes.size(),
               " hosts, ", cluster.jobs.size(), " jobs in queue (", cluster.job_count(),
               " total).\n200 Use 'help' for help and 'quit' to quit.\n");
}

ControlReply Control::run(std::uint64_t session, std::string_view line, Time now) {
    Call call = {.session = session, .arguments = words_of(line), .now = now, .reply = {}};
    const std::string name = call.arguments.empty() ? "" : lower_case(call.arguments.front());
    const auto command = std::ranges::find(commands(), name, &Command::name);
    if (command == commands().end()) {
        call.reply.text = str("Invalid command '", line, "'\n");
    } else {
        call.arguments.erase(call.arguments.begin());
        if (call.arguments.empty() && !command->complaint.empty())
            call.reply.text = command->complaint;
        else
            (this->*command->run)(call);
    }
    if (!call.reply.close && !call.reply.unfinished)
        call.reply.text += control_done;
    return std::move(call.reply);
}

void Control::help(Call& call) {
    for (const Command& command : commands())
        if (command.listed)
            call.reply.text += str(command.name, "\n");
}

void Control::list_hosts(Call& call) {
    for (const auto& [id, node] : scheduler_.cluster().nodes) {
        call.reply.text += host_line(node, call.now);
        for (const JobId job : node.assigned)
            call.reply.text += "   " + job_line(*scheduler_.cluster().jobs.find(job));
    }
}

void Control::list_jobs(Call& call) {
    for (const JobId id : scheduler_.cluster().jobs.ids())
        call.reply.text.append(" ").append(job_line(*scheduler_.cluster().jobs.find(id)));
}

void Control::list_blocks(Call& call) {
    for (const std::string& name : scheduler_.blocked())
        call.reply.text += str("   ", name, "\n");
}

void Control::remove_hosts(Call& call) {
    auto removal = scheduler_.remove_hosts(call.arguments, call.now);
    for (const std::string& name : removal.removed)
        call.reply.text += str("removing host ", name, "\n");
    call.reply.effects = std::move(removal.effects);
}

void Control::block_hosts(Call& call) {
    for (const std::string& name : call.arguments)
        scheduler_.block(name);
    remove_hosts(call);
}

void Control::unblock_hosts(Call& call) {
    for (const std::string& name : call.arguments)
        scheduler_.unblock(name);
}

void Control::internals(Call& call) {
    call.reply.unfinished = true;
    call.reply.effects = scheduler_.ask_internals(call.session, call.arguments, call.now);
}

void Control::quit(Call& call) {
    call.reply.text = control_good_bye;
    call.reply.close = true;
}

} // namespace ice::scheduler
