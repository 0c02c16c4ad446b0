// What a compiler said: what it means beyond the words, and how much of it fits a message.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ice::iceccd {

/// Whether a failed compile failed for reasons of this host: memory, disk, a limit, a crash. The
/// client then compiles locally instead of showing an error that is not its source's.
[[nodiscard]] bool blames_host(std::string_view err);

/// Shortens both texts so that together they take at most `capacity` bytes, and says so at the end
/// of what it cut. stderr goes first.
void fit_texts(std::string& err, std::string& out, std::size_t capacity);

} // namespace ice::iceccd
