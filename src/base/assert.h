// ASSERT: a statement about our own code that must hold; on in every build.
//
// Never for what a peer, a file or a user can cause: that is a Result. A failed ASSERT prints the
// place and the condition and aborts; the client's user survives it by compiling locally.
#pragma once

namespace ice {

[[noreturn]] void assertion_failed(const char* condition, const char* file, int line) noexcept;

} // namespace ice

#define ASSERT(condition)                                                                          \
    ((condition) ? static_cast<void>(0) : ::ice::assertion_failed(#condition, __FILE__, __LINE__))
