// What each link may carry: one variant per receiving end. A type that is not in the set is a
// decode error, so handlers need no default branch, and one that is forgotten does not compile.
#pragma once

#include "wire/messages.h"

#include <variant>

namespace ice::wire {

/// First message to a scheduler.
using FromNewcomer = std::variant<Login, MonLogin>;

/// What a scheduler accepts from a daemon that has logged in.
using FromDaemon = std::variant<Ping, End, Login, Stats, GetCs, JobBegin, JobDone, JobLocalBegin,
                                JobLocalDone, BlacklistHostEnv, StatusText>;

/// What a daemon accepts from its scheduler.
using FromScheduler = std::variant<Ping, UseCs, NoCs, GetInternals, CsConf>;

/// What a daemon accepts from whoever connects: its own clients, and clients it helps.
using FromClient =
    std::variant<GetNativeEnv, GetCs, OpenStream, AskRecipe, TeachRecipe, JobLocalBegin, JobDone,
                 BlacklistHostEnv, TransferEnv, VerifyEnv, CompileFile, FileChunk, End>;

/// What a client accepts from its own daemon.
using FromLocalDaemon =
    std::variant<NativeEnv, UseCs, StreamOpened, Recipe, JobLocalBegin, StatusText, End>;

/// What a client accepts from a helper.
using FromHelper =
    std::variant<StatusText, VerifyEnvResult, CompileResult, ResultFile, FileChunk, End>;

/// What a monitor accepts from its scheduler.
using ToMonitor =
    std::variant<MonStats, MonGetCs, MonJobBegin, MonJobDone, MonLocalJobBegin, JobLocalDone, End>;

} // namespace ice::wire
