// Whether a path that a stranger named may be believed.
#pragma once

#include <string>
#include <sys/types.h>

namespace ice::icecc {

/// Whether nobody but `owner` and root can change what this absolute path names: that is true of
/// the thing itself, of each folder on the way to it and, where a link leads elsewhere, of each on
/// the way from there. False, too, if there is no such thing.
bool is_trusted_path(std::string path, uid_t owner);

} // namespace ice::icecc
