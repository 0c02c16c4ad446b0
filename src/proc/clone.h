// What it takes to run a function of ours in a child process that shares our memory.
//
// Cheap however large we are: nothing is copied. While we stand still (CLONE_VFORK) the child may
// use our memory as if it were us; what it changes stays. Its errno is ours.
#pragma once

#include <csignal>
#include <cstddef>
#include <memory>
#include <sys/types.h>

namespace ice::proc {

inline constexpr std::size_t child_stack_bytes = 64 * 1024;

/// Memory for the stack of such a child; it must outlive the child's use of it.
class ChildStack {
public:
    ChildStack() : bytes_(std::make_unique_for_overwrite<std::byte[]>(child_stack_bytes)) {}

    /// Stacks grow downwards. operator new aligns to 16, so this is aligned too.
    [[nodiscard]] void* top() const { return bytes_.get() + child_stack_bytes; }

private:
    std::unique_ptr<std::byte[]> bytes_;
};

/// A child to be: CLONE_VM, CLONE_PIDFD and SIGCHLD are understood.
struct CloneSpec {
    int (*main)(void*);
    void* argument;
    int flags; ///< CLONE_…
};

/// clone(2). The child starts with all signals blocked: a handler of ours must not run in it, on
/// our memory. `mask` becomes what is blocked here. -1 and errno if there is no child.
pid_t clone_sharing_memory(const CloneSpec& spec, const ChildStack& stack, int& pidfd,
                           sigset_t& mask);

} // namespace ice::proc
