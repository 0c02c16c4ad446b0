// Truth: what really happened to each unit, whatever the programs believe.
//
// Here it shows if a job was run twice by mistake, or if an object was made by another compiler
// than the client's.
#pragma once

#include "sim/machine.h"
#include "sim/violation.h"

#include <cstdint>
#include <map>
#include <set>
#include <utility>

namespace ice::sim {

class Truth {
public:
    /// A helper starts to compile the unit, as job `job` of the scheduler its client asked.
    void on_remote_start(Unit unit) {
        Record& record = records_[unit];
        require(record.remote_starts == 0, "unit ", unit, " is compiled by a second helper");
        require(!record.own_start, "unit ", unit, " is compiled by a helper and by its client");
        ++record.remote_starts;
    }
    /// The client was told to build the unit itself.
    void on_own_start(Unit unit) {
        Record& record = records_[unit];
        require(!record.own_start, "unit ", unit, " was given to its client twice");
        require(record.remote_starts == 0, "unit ", unit,
                " is compiled by a helper and its client");
        record.own_start = true;
    }
    /// A scheduler (its connection stands for it) answered for a job.
    void on_answer(std::uint64_t connection, std::uint32_t job) {
        require(answers_.insert({connection, job}).second, "job ", job, " was assigned twice");
    }
    /// Nothing is under way any more. A world that lives for days shall show the growth of others.
    void forget() {
        records_.clear();
        answers_.clear();
    }

    /// A compiler starts in a slot of the machine, or a local job is granted one or all.
    static void on_slot_taken(Machine& machine, Unit unit, bool all) {
        const bool is_new = machine.compilers.emplace(unit, all).second;
        require(is_new, machine.name, ": unit ", unit, " has two slots");
        std::size_t taken = 0;
        bool alone = false;
        for (const auto& [other, takes_all] : machine.compilers) {
            ++taken;
            alone = alone || takes_all;
        }
        require(taken <= machine.capacity() && (!alone || taken == 1), machine.name,
                ": oversold: ", taken, " run in ", machine.capacity(), " slots",
                alone ? ", one of them as the only one" : "");
    }
    static void on_slot_left(Machine& machine, Unit unit) { machine.compilers.erase(unit); }

    static void on_environment_used(Machine& machine, const wire::EnvironmentId& id) {
        ++machine.environment_users[id];
    }
    static void on_environment_left(Machine& machine, const wire::EnvironmentId& id) {
        const auto found = machine.environment_users.find(id);
        if (--found->second == 0)
            machine.environment_users.erase(found);
    }

private:
    struct Record {
        unsigned remote_starts = 0;
        bool own_start = false;
    };

    std::map<Unit, Record> records_;
    std::set<std::pair<std::uint64_t, std::uint32_t>> answers_;
};

} // namespace ice::sim
