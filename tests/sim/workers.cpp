#include "sim/workers.h"

#include "iceccd/limits.h"
#include "iceccd/worker_limits.h"
#include "wire/links.h"

#include <charconv>
#include <utility>

namespace ice::sim {

using namespace iceccd;

namespace {

constexpr std::string_view genuine = "genuine:";
constexpr std::string_view unit_prefix = "unit";

constexpr std::uint32_t environment_kib = 40'000;
constexpr std::uint32_t object_bytes = 50'000;

wire::FileChunk chunk(const std::string& bytes) {
    return {.uncompressed_size = static_cast<std::uint32_t>(bytes.size()), .bytes = bytes};
}

} // namespace

wire::StringList arguments_of(Unit unit) { return {"-c", str(unit_prefix, unit)}; }

Unit unit_of(const wire::CompileFile& request) {
    const wire::StringList& words = request.flags.empty() ? request.rest_flags : request.flags;
    ASSERT(words.size() == 2 && words[1].starts_with(unit_prefix));
    Unit unit = 0;
    const std::string_view number = std::string_view(words[1]).substr(unit_prefix.size());
    std::from_chars(number.data(), number.data() + number.size(), unit);
    return unit;
}

Content genuine_content(const std::string& name) { return str(genuine, name); }

std::string name_in(const Content& content) {
    return content.starts_with(genuine) ? content.substr(genuine.size()) : "";
}

// --- Receiver ----------------------------------------------------------------------------------

Receiver::Receiver(Surroundings& around, Machine& machine, Stream stream, Task task, Report report)
    : around_(around),
      machine_(machine),
      stream_(std::move(stream)),
      task_(std::move(task)),
      report_(std::move(report)),
      timers_(around.agenda, machine.awake_from) {
    const auto broken = [this](const std::string& why) { end({.broken = true, .error = why}); };
    timers_.after(upload_idle_time, [broken] { broken("nothing comes"); });
    timers_.after(receive_limit, [broken] { broken("the unpacking process died"); });
    stream_.on_closed([broken](const Error& why) { broken(why.text); });
    stream_.read([this](const Packet& packet) { on_packet(packet); });
}

void Receiver::on_packet(const Packet& packet) {
    const auto message = open<wire::FromClient>(packet, task_.version);
    if (!message)
        return end({.broken = true, .error = message.error().text});
    if (const auto* piece = std::get_if<wire::FileChunk>(&*message)) {
        content_ += piece->bytes;
    } else if (std::holds_alternative<wire::End>(*message)) {
        stream_.read({}); // what follows is the daemon's again
        timers_.clear();
        timers_.after(around_.random.between(200ms, 3s) * machine_.slowness, [this] { unpack(); });
    } else {
        end({.broken = true, .error = "not a piece of a file"});
    }
}

void Receiver::unpack() {
    ReceiveReport report;
    report.digest = content_;
    if (task_.mode == UploadMode::drain) {
        around_.tally.add(Event::upload_drained);
        return end(std::move(report));
    }
    if (!task_.expected_digest.empty() && task_.expected_digest != content_) {
        report.error = "not the archive it should be";
        return end(std::move(report));
    }
    const auto there = machine_.environments.find(task_.environment);
    if (task_.mode == UploadMode::install && there != machine_.environments.end()) {
        report.installed = report.already_installed = true;
        return end(std::move(report));
    }
    require(there == machine_.environments.end() ||
                machine_.environment_users.count(task_.environment) == 0,
            machine_.name, " replaces an environment in use");
    if (machine_.is_flaky && around_.random.chance(60)) {
        machine_.environments.erase(task_.environment);
        report.error = "disk full";
        return end(std::move(report));
    }
    machine_.environments[task_.environment] = content_;
    report.installed = true;
    report.content_name = name_in(content_);
    report.unpacked_kib = environment_kib;
    end(std::move(report));
}

void Receiver::end(ReceiveReport report) {
    if (task_.mode != UploadMode::drain)
        around_.tally.add(report.installed ? Event::upload : Event::upload_failed);
    timers_.clear();
    const Report tell = std::move(report_); // which ends this
    tell(std::move(stream_), std::move(report));
}

// --- Verifier ----------------------------------------------------------------------------------

Verifier::Verifier(Surroundings& around, Machine& machine, wire::EnvironmentId environment,
                   Report report)
    : around_(around),
      machine_(machine),
      environment_(std::move(environment)),
      report_(std::move(report)),
      timers_(around.agenda, machine.awake_from) {
    Truth::on_environment_used(machine_, environment_);
    timers_.after(around.random.between(50ms, 2s) * machine.slowness, [this] {
        VerifyReport verdict;
        verdict.ok = machine_.environments.count(environment_) != 0 &&
                     !(machine_.is_flaky && around_.random.chance(60));
        if (!verdict.ok) {
            around_.tally.add(Event::verify_failed);
            verdict.reason = "it does not run here";
        }
        leave();
        const Report tell = report_; // which ends this
        tell(verdict);
    });
}

Verifier::~Verifier() {
    if (runs_)
        leave();
}

void Verifier::leave() {
    runs_ = false;
    Truth::on_environment_left(machine_, environment_);
}

// --- Compiler ----------------------------------------------------------------------------------

Compiler::Compiler(Surroundings& around, Machine& machine, Stream stream, Task task, Report report,
                   std::function<void()> ended)
    : around_(around),
      machine_(machine),
      stream_(std::move(stream)),
      task_(std::move(task)),
      unit_(unit_of(task_.request)),
      report_(std::move(report)),
      ended_(std::move(ended)),
      timers_(around.agenda, machine.awake_from) {
    around_.truth.on_remote_start(unit_);
    Truth::on_slot_taken(machine_, unit_, false);
    Truth::on_environment_used(machine_, task_.environment);
    around_.trace.line(machine_.name, "a compiler starts for unit ", unit_);
    timers_.after(source_idle_time, [this] { fail(CompileOutcome::source_timeout); });
    timers_.after(iceccd::compile_limit, [this] { this->report(std::nullopt), ended_(); });
    stream_.on_closed([this](const Error&) { fail(CompileOutcome::client_gone); });
    stream_.read([this](const Packet& packet) { on_packet(packet); });
}

Compiler::~Compiler() {
    if (!runs_)
        return;
    Truth::on_slot_left(machine_, unit_);
    Truth::on_environment_left(machine_, task_.environment);
}

void Compiler::on_packet(const Packet& packet) {
    const auto message = open<wire::FromClient>(packet, task_.version);
    if (message && std::holds_alternative<wire::FileChunk>(*message))
        return;
    if (!message || !std::holds_alternative<wire::End>(*message))
        return fail(CompileOutcome::client_gone);
    timers_.clear();
    timers_.after(iceccd::compile_limit, [this] { this->report(std::nullopt), ended_(); });
    compile();
}

void Compiler::compile() {
    const auto environment = machine_.environments.find(task_.environment);
    if (environment == machine_.environments.end())
        return fail(CompileOutcome::no_compiler);
    timers_.after(around_.random.between(50ms, 6s) * machine_.slowness,
                  [this, content = environment->second] { finish(content); });
}

void Compiler::finish(const Content& content) {
    if (machine_.is_flaky && around_.random.chance(50)) {
        around_.tally.add(Event::compile_failed);
        if (around_.random.chance(300)) { // it was killed
            report(std::nullopt);
            return ended_();
        }
        return fail(around_.random.chance(500) ? CompileOutcome::failed
                                               : CompileOutcome::not_confined);
    }
    CompileReport done;
    done.outcome = CompileOutcome::exited;
    done.real_ms = done.user_ms = around_.random.between(50, 6000);
    done.out_uncompressed = object_bytes;
    report(done);
    deliver(content);
}

void Compiler::report(const std::optional<CompileReport>& report) {
    runs_ = false;
    Truth::on_slot_left(machine_, unit_);
    Truth::on_environment_left(machine_, task_.environment);
    const Report tell = std::move(report_);
    tell(report);
}

void Compiler::fail(CompileOutcome outcome) {
    timers_.clear();
    if (runs_) {
        stream_.send(wire::StatusText{"compiler did not start"}, task_.version);
        report(CompileReport{.outcome = outcome});
    }
    ended_();
}

void Compiler::deliver(const Content& content) {
    const bool named = task_.version.revision >= 1;
    wire::CompileResult result;
    result.file_count = named ? 1 : 0;
    stream_.send(result, task_.version);
    if (named)
        stream_.send(wire::ResultFile{task_.request.output_file}, task_.version);
    stream_.send(chunk(str(unit_, " by ", content)), task_.version);
    stream_.send(wire::End{}, task_.version);
    timers_.clear();
    ended_();
}

} // namespace ice::sim
