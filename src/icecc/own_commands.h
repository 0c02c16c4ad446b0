// What the client answers by itself: help, version, usage, and packing a toolchain.
#pragma once

#include "icecc/invocation.h"
#include "icecc/log.h"
#include "icecc/settings.h"

namespace ice::icecc {

/// Prints what --help, --version or a call without a command deserves; returns the exit code.
int print_own_answer(const Invocation& invocation);

/// icecc --build-native [compiler] [files]: becomes icecc-create-env; returns only on failure.
int build_native(const Invocation& invocation, const Settings& settings, Log& log);

} // namespace ice::icecc
