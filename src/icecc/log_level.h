// LogLevel: how loud the client's own messages are.
#pragma once

namespace ice::icecc {

enum class LogLevel { error, warning, info, debug };

} // namespace ice::icecc
