// What the user's locale does to the messages of gcc.
#pragma once

#include "icecc/settings.h"

namespace ice::icecc {

/// Whether they are in UTF-8, which shows in their quotation marks.
[[nodiscard]] bool has_utf8_locale();

/// Whether they may be in another language than gcc's own.
[[nodiscard]] bool is_translated(const Settings& settings);

} // namespace ice::icecc
