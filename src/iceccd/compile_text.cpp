#include "iceccd/compile_text.h"

#include "base/assert.h"

#include <algorithm>
#include <array>

namespace ice::iceccd {

namespace {

/// The first seven and the "o space" are upstream's (daemon.md 17.7).
constexpr std::array<std::string_view, 15> host_troubles{
    "memory exhausted",
    "out of memory",
    "annot allocate memory",
    "failed to map segment from shared object",
    "Assertion `NewElts && \"Out of memory\"' failed",
    "terminate called after throwing an instance of 'std::bad_alloc'",
    "llvm::MallocSlabAllocator::Allocate",
    "o space left on device",
    "Resource temporarily unavailable", // the limit of processes
    "signal terminated program",        // gcc's driver about cc1 or as
    "unable to execute command",        // clang's driver about itself
    "cannot execute",                   // gcc's driver, of a cc1 that is not there
    "error trying to exec",             // the same before gcc 12
    "error while loading shared libraries",
    "internal compiler error", // perhaps an instruction that this processor lacks
};

constexpr std::string_view cut_mark = "\n[icecc: the rest of the output is cut off]\n";

void cut(std::string& text, std::size_t capacity) {
    if (text.size() <= capacity)
        return;
    text.resize(capacity - std::min(capacity, cut_mark.size()));
    text += cut_mark.substr(0, capacity - text.size());
}

} // namespace

bool blames_host(std::string_view err) {
    return std::any_of(host_troubles.begin(), host_troubles.end(), [&](std::string_view trouble) {
        return err.find(trouble) != std::string_view::npos;
    });
}

void fit_texts(std::string& err, std::string& out, std::size_t capacity) {
    cut(err, capacity);
    cut(out, capacity - err.size());
    ASSERT(err.size() + out.size() <= capacity);
}

} // namespace ice::iceccd
