// Giving up root, for good, before anything of a peer is looked at.
#pragma once

#include "base/result.h"

#include <span>
#include <string>

namespace ice::proc {

struct Identity {
    unsigned uid = 0;
    unsigned gid = 0;
};

/// Becomes `identity` without supplementary groups and without capabilities except `keep` (numbers
/// of <linux/capability.h>), which stay permitted and effective but are lost at the next exec.
/// Only for a process started as root, which can never get back.
Result<void> become(Identity identity, std::span<const unsigned> keep = {});

/// Makes a directory for `owner`, which may not make it itself; one that exists stays as it is.
Result<void> make_directory_for(Identity owner, const std::string& path);

/// Makes and removes files as `identity`, while it lives: for a process that stays root, where
/// files are somebody else's. Does nothing in any other. Throws if it cannot.
class ActingAs {
public:
    explicit ActingAs(Identity identity);
    ActingAs(const ActingAs&) = delete;
    ~ActingAs();

private:
    bool was_root_;
};

/// Whether the process has that capability in effect.
[[nodiscard]] bool has_capability(unsigned capability);

} // namespace ice::proc
