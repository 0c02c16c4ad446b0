// Machine: one simulated host as it really is: its power, its cable, its disk, and what runs on it.
//
// The daemons' cores only believe things; whether a slot was oversold or an environment pulled from
// under a compiler is decided here.
#pragma once

#include "sim/agenda.h"
#include "wire/fields.h"
#include "wire/version.h"

#include <cstddef>
#include <map>
#include <set>
#include <string>

namespace ice::sim {

/// Machines are numbered; 0 is the scheduler's.
using MachineNumber = std::size_t;

/// One client's attempt to get one file compiled, or to run one local job. Never reused.
using Unit = std::uint32_t;

/// What is in an environment: it stands for the bytes, and serves as their digest.
using Content = std::string;

struct Machine {
    MachineNumber number = 0;
    std::string name;
    std::string address;
    std::string platform = "x86_64";
    unsigned slots = 1;
    wire::Version daemon_version = wire::our_version;
    wire::Version client_version = wire::our_version;
    unsigned slowness = 1;        ///< factor on everything it computes
    unsigned busy_per_mille = 0;  ///< with other people's work
    unsigned compiler_family = 0; ///< machines of one family have the same compiler
    unsigned compiler_stamp = 1;  ///< a new one after each upgrade
    bool may_be_flaky = false;    ///< sometimes
    bool is_flaky = false;        ///< now: its workers die, its disk is full

    bool powered = true;
    Time awake_from;     ///< nothing runs before (it was suspended, or swaps)
    Time connected_from; ///< no packet comes or goes before

    std::map<wire::EnvironmentId, Content> environments;       ///< received ones, on disk
    std::map<std::string, Content> archives;                   ///< native ones, by path
    std::map<wire::EnvironmentId, unsigned> environment_users; ///< workers in each

    /// Who runs in a slot that the present daemon gave: unit and whether it was given all.
    std::map<Unit, bool> compilers;

    [[nodiscard]] unsigned capacity() const { return slots == 0 ? 1 : slots; }
};

} // namespace ice::sim
