// Messages as a reader of a trace wants them: the name, and the fields that tell jobs apart.
#pragma once

#include "wire/links.h"

#include <string>

namespace ice::sim {

[[nodiscard]] std::string text_of(const wire::FromDaemon& message);
[[nodiscard]] std::string text_of(const wire::FromScheduler& message);
[[nodiscard]] std::string text_of(const wire::FromClient& message);
[[nodiscard]] std::string text_of(const wire::FromLocalDaemon& message);
[[nodiscard]] std::string text_of(const wire::FromHelper& message);

} // namespace ice::sim
