// LocalSide: what the daemon does for clients on its own machine: archives of their compilers,
// compile servers, local slots, streams to helpers. Its handlers get only messages that the
// session's state and origin allow.
#pragma once

#include "iceccd/load.h"
#include "iceccd/native_cache.h"
#include "iceccd/recipe_book.h"
#include "iceccd/workplace.h"

namespace ice::iceccd {

class LocalSide {
public:
    LocalSide(Workplace& place, NativeCache& native, LoadMeter& load)
        : place_(place), native_(native), load_(load) {}

    void on(Session& session, const wire::GetNativeEnv& asked, Now now);
    void on(Session& session, const wire::GetCs& asked, Now now);
    void on(Session& session, const wire::OpenStream& asked);
    void on(const Session& session, const wire::AskRecipe& asked, Now now);
    void on(const Session& session, const wire::TeachRecipe& taught, Now now);
    void on(Session& session, const wire::JobLocalBegin& asked, Now now);
    void on(Session& session, const wire::JobDone& done, Now now);
    void on(Session& session, const wire::BlacklistHostEnv& blacklisted);
    /// CompileFile for the environment "__client": the job given back to the client begins.
    void on_own_job_begin(Session& session, const wire::CompileFile& begun, Now now);

    void on(const wire::UseCs& answer, Now now);
    void on(const wire::NoCs& answer, Now now);
    /// The scheduler has not answered in time: it is told to forget the job, and we answer.
    void on_no_answer(Session& session, Now now);
    /// Requests that are at the lost scheduler get an answer from here.
    void on_scheduler_lost(Now now);

    void on_native_built(const std::string& key, const Result<BuiltArchive>& result, Now now);
    void on_stream(SessionId id, const std::string& error);

    /// The session's turn has come: it was waiting for a slot of this machine.
    void on_slot(Session& session, Now now);

private:
    void answer_native(Session& session, const BuiltArchive& archive, Now now);
    void start_builders();
    /// Queues the session for building by itself, as job `job_id` of `epoch`.
    void build_here(Session& session, Epoch epoch, const wire::UseCs& answer, Now now);
    /// The same without a scheduler's word: as the job of that client's id.
    void build_here_unasked(Session& session, Now now);
    [[nodiscard]] wire::UseCs build_here_answer(std::uint32_t job_id,
                                                const std::string& platform) const;
    /// The session an answer of the scheduler is for; if it is gone, the scheduler is told so.
    Session* waiting_for(std::uint32_t client_id, std::uint32_t job_id);

    Workplace& place_;
    NativeCache& native_;
    LoadMeter& load_;
    RecipeBook recipes_;
};

} // namespace ice::iceccd
