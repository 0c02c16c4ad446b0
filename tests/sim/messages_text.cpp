#include "sim/messages_text.h"

#include "base/str.h"

namespace ice::sim {

namespace {

struct Words {
    std::string operator()(const wire::Ping&) const { return "Ping"; }
    std::string operator()(const wire::End&) const { return "End"; }
    std::string operator()(const wire::GetInternals&) const { return "GetInternals"; }
    std::string operator()(const wire::GetNativeEnv& m) const {
        return str("GetNativeEnv ", m.compiler);
    }
    std::string operator()(const wire::NativeEnv& m) const { return str("NativeEnv ", m.path); }
    std::string operator()(const wire::GetCs& m) const {
        std::string text = str("GetCs of client ", m.client_id);
        for (const wire::EnvironmentId& id : m.versions)
            text += str(" ", id.platform, "/", id.name);
        return text + (m.preferred_host.empty() ? "" : str(" on ", m.preferred_host)) +
               (m.niceness == 0 ? "" : str(" nice ", m.niceness));
    }
    std::string operator()(const wire::UseCs& m) const {
        return str("UseCs ", m.hostname, " job ", m.job_id, " client ", m.client_id,
                   m.got_env ? "" : " without environment");
    }
    std::string operator()(const wire::NoCs& m) const {
        return str("NoCs job ", m.job_id, " client ", m.client_id);
    }
    std::string operator()(const wire::AskRecipe& m) const { return str("AskRecipe ", m.key); }
    std::string operator()(const wire::Recipe&) const { return "Recipe"; }
    std::string operator()(const wire::TeachRecipe& m) const { return str("TeachRecipe ", m.key); }
    std::string operator()(const wire::OpenStream& m) const {
        return str("OpenStream job ", m.job_id);
    }
    std::string operator()(const wire::StreamOpened& m) const {
        return str("StreamOpened job ", m.job_id, m.error.empty() ? "" : ": ", m.error);
    }
    std::string operator()(const wire::JobLocalBegin& m) const {
        return str("JobLocalBegin ", m.id, m.full ? " full" : "");
    }
    std::string operator()(const wire::JobLocalDone& m) const {
        return str("JobLocalDone ", m.job_id);
    }
    std::string operator()(const wire::BlacklistHostEnv& m) const {
        return str("BlacklistHostEnv ", m.hostname, " ", m.environment);
    }
    std::string operator()(const wire::TransferEnv& m) const { return str("TransferEnv ", m.name); }
    std::string operator()(const wire::VerifyEnv& m) const {
        return str("VerifyEnv ", m.environment);
    }
    std::string operator()(const wire::VerifyEnvResult& m) const {
        return str("VerifyEnvResult ", m.ok ? "good " : "bad ", m.reason);
    }
    std::string operator()(const wire::CompileFile& m) const {
        return str("CompileFile job ", m.job_id, " in ", m.environment);
    }
    std::string operator()(const wire::FileChunk& m) const { return str("FileChunk ", m.bytes); }
    std::string operator()(const wire::CompileResult& m) const {
        return str("CompileResult ", m.status);
    }
    std::string operator()(const wire::ResultFile& m) const { return str("ResultFile ", m.name); }
    std::string operator()(const wire::StatusText& m) const { return str("StatusText ", m.text); }
    std::string operator()(const wire::Login& m) const {
        std::string text = str("Login ", m.nodename, " with");
        for (const wire::EnvironmentId& id : m.envs)
            text += str(" ", id.platform, "/", id.name);
        return text;
    }
    std::string operator()(const wire::CsConf& m) const { return str("CsConf ", m.pong); }
    std::string operator()(const wire::Stats& m) const { return str("Stats load ", m.load); }
    std::string operator()(const wire::JobBegin& m) const { return str("JobBegin ", m.job_id); }
    std::string operator()(const wire::JobDone& m) const {
        return str("JobDone ", m.job_id, " status ", m.exitcode,
                   m.from_submitter() ? " of the submitter" : "",
                   m.unknown_job() ? " (a client's number)" : "");
    }
};

} // namespace

std::string text_of(const wire::FromDaemon& message) { return std::visit(Words(), message); }
std::string text_of(const wire::FromScheduler& message) { return std::visit(Words(), message); }
std::string text_of(const wire::FromClient& message) { return std::visit(Words(), message); }
std::string text_of(const wire::FromLocalDaemon& message) { return std::visit(Words(), message); }
std::string text_of(const wire::FromHelper& message) { return std::visit(Words(), message); }

} // namespace ice::sim
