#include "sim/client.h"

#include "base/overload.h"
#include "icecc/limits.h"
#include "sim/messages_text.h"
#include "sim/workers.h"

#include <algorithm>
#include <utility>

namespace ice::sim {

namespace {

constexpr std::uint32_t verifying_base = 31;
constexpr std::uint32_t paths_base = 41;
constexpr std::uint32_t full_jobs_base = 44;
constexpr const char* compiler = "/usr/bin/gcc";
constexpr int pieces = 2;

wire::FileChunk chunk(std::string_view bytes) {
    return {.uncompressed_size = static_cast<std::uint32_t>(bytes.size()),
            .bytes = std::string(bytes)};
}

std::string basename_of(const std::string& path) { return path.substr(path.rfind('/') + 1); }

} // namespace

Client::Client(Surroundings& around, ClientPlan plan, Done done)
    : around_(around),
      machine_(around.machines[plan.machine]),
      plan_(std::move(plan)),
      done_(std::move(done)),
      timers_(around.agenda, machine_.awake_from),
      patience_(around.agenda, machine_.awake_from, [this] { give_up_waiting(); }) {
    remote_tried_ = plan_.kind != ClientPlan::Kind::compile;
    around_.trace.line(who(), "starts");
    connect();
}

Client::~Client() { leave_slot(); }

std::string Client::who() const { return str("unit", plan_.unit, "@", machine_.number); }

std::string_view Client::step_name() const {
    constexpr std::array<std::string_view, 12> names = {
        "connecting", "native",    "host",    "own_build", "stream",      "helper_hello",
        "verifying",  "compiling", "outputs", "slot",      "local_build", "over"};
    return names[static_cast<std::size_t>(step_)];
}

void Client::enter(Step step, Duration limit) {
    step_ = step;
    patience_.arm(around_.agenda.now() + limit);
}

void Client::unexpected(const std::string& what) const {
    throw Violation(str(who(), ", ", step_name(), ", got ", what));
}

void Client::give_up_waiting() {
    lost_patience_ = true;
    around_.tally.add(Event::lost_patience);
    if (step_ == Step::slot || remote_tried_)
        return build_here();
    fall_back("waited too long");
}

// --- the daemon --------------------------------------------------------------------------------

void Client::connect() {
    enter(Step::connecting, icecc::daemon_connect_time);
    daemon_version_.reset();
    auto stream = around_.network.connect(machine_.number, machine_.number, Service::local_socket);
    if (!stream)
        return build_here();
    daemon_ = *std::move(stream);
    daemon_.on_closed([this](const Error&) { on_daemon_closed(); });
    daemon_.read([this](Packet packet) { on_daemon_packet(std::move(packet)); });
    daemon_.send(Packet{.hello = machine_.client_version, .frame = {}, .passed = {}});
}

void Client::on_connected() {
    if (remote_tried_)
        ask_for_slot();
    else if (plan_.own_archive)
        ask_for_host();
    else
        ask_for_native();
}

void Client::on_daemon_packet(Packet packet) {
    if (packet.hello) {
        daemon_version_ = agreed(*packet.hello, machine_.client_version);
        return on_connected();
    }
    const auto message = open<wire::FromLocalDaemon>(packet, version());
    require(message.has_value(), who(), ": ", message ? "" : message.error().text);
    if (around_.trace.wanted())
        around_.trace.line(who(), "daemon says ", text_of(*message));
    std::visit(
        overload{
            [&](const wire::NativeEnv& m) { on(m); },
            [&](const wire::UseCs& m) { on(m); },
            [&](const wire::StreamOpened& m) { on_stream_opened(m, std::move(packet.passed)); },
            [&](const wire::Recipe&) { unexpected(text_of(*message)); },
            [&](const wire::JobLocalBegin& m) { on(m); },
            [&](const wire::StatusText& m) { unexpected(text_of(*message) + m.text); },
            [&](const wire::End&) {
                if (step_ != Step::native && step_ != Step::host)
                    unexpected("End");
                fall_back("the daemon cannot");
            },
        },
        *message);
}

void Client::on_daemon_closed() {
    daemon_.close();
    leave_slot();
    switch (step_) {
    case Step::connecting:
    case Step::slot:
        return build_here();
    case Step::native:
    case Step::host:
    case Step::stream:
        return fall_back("the daemon is gone");
    case Step::own_build:
    case Step::helper_hello:
    case Step::verifying:
    case Step::compiling:
    case Step::outputs:
    case Step::local_build:
    case Step::over:
        return; // nothing is read from it now
    }
}

void Client::ask_for_native() {
    enter(Step::native, icecc::native_environment_time);
    toolchain_.stamp_when_asked = machine_.compiler_stamp;
    daemon_.send(wire::GetNativeEnv{.compiler = version().base >= paths_base ? compiler : "gcc"},
                 version());
}

void Client::on(const wire::NativeEnv& answer) {
    if (step_ != Step::native)
        unexpected("NativeEnv");
    const auto archive = machine_.archives.find(answer.path);
    if (archive == machine_.archives.end())
        return fall_back("the archive is gone");
    toolchain_.name = basename_of(answer.path);
    toolchain_.content = archive->second;
    const std::string stamp = toolchain_.name.substr(toolchain_.name.find('-') + 1);
    require(static_cast<unsigned>(std::stoul(stamp)) >= toolchain_.stamp_when_asked, who(),
            " was given ", toolchain_.name, ", which is not the compiler it has now");
    ask_for_host();
}

void Client::ask_for_host() {
    if (plan_.own_archive) {
        toolchain_.name = "mine"; // as others call theirs
        toolchain_.content = str("handmade on ", machine_.name);
    }
    const bool nice = plan_.niceness > 0;
    enter(Step::host, nice ? Duration(icecc::nice_host_time) : Duration(icecc::host_time));
    daemon_.send(wire::GetCs{.versions = {{machine_.platform, toolchain_.name}},
                             .filename = str("src/", plan_.unit, ".cpp"),
                             .language = wire::Language::cxx,
                             .target = machine_.platform,
                             .preferred_host = plan_.preferred_host,
                             .niceness = plan_.niceness},
                 version());
}

void Client::on(const wire::UseCs& answer) {
    if (step_ != Step::host)
        unexpected("UseCs");
    host_ = answer;
    if (answer.hostname == "127.0.0.1")
        return build_own(answer);
    if (version().revision == 0)
        return connect_to_helper();
    enter(Step::stream, Duration(icecc::helper_connect_time + icecc::daemon_connect_time));
    daemon_.send(wire::OpenStream{answer.job_id}, version());
}

void Client::build_own(const wire::UseCs& answer) {
    around_.truth.on_own_start(plan_.unit);
    Truth::on_slot_taken(machine_, plan_.unit, false);
    step_ = Step::own_build;
    patience_.disarm();
    wire::CompileFile begin;
    begin.job_id = answer.job_id;
    begin.environment = "__client";
    daemon_.send(begin, version());
    timers_.after(plan_.work * machine_.slowness, [this, job = answer.job_id] {
        leave_slot();
        wire::JobDone done;
        done.job_id = job;
        done.real_msec = done.user_msec = 1000;
        done.out_uncompressed = 50'000;
        daemon_.send(done, version());
        daemon_.send(wire::End{}, version());
        finish(Outcome::own);
    });
}

void Client::ask_for_slot() {
    const bool full = plan_.kind == ClientPlan::Kind::full_link;
    enter(Step::slot, full ? Duration(icecc::all_slots_time) : Duration(icecc::local_slot_time));
    daemon_.send(wire::JobLocalBegin{.outfile = str(plan_.unit, ".o"), .full = full}, version());
}

void Client::on(const wire::JobLocalBegin&) {
    if (step_ != Step::slot)
        unexpected("JobLocalBegin");
    const bool full = plan_.kind == ClientPlan::Kind::full_link && version().base >= full_jobs_base;
    Truth::on_slot_taken(machine_, plan_.unit, full);
    around_.tally.add(full ? Event::full_job : Event::local_job);
    step_ = Step::local_build;
    patience_.disarm();
    timers_.after(plan_.work * machine_.slowness, [this] { finish(Outcome::local); });
}

void Client::leave_slot() { Truth::on_slot_left(machine_, plan_.unit); }

// --- the helper --------------------------------------------------------------------------------

void Client::on_stream_opened(const wire::StreamOpened& answer, Stream stream) {
    if (step_ != Step::stream)
        unexpected("StreamOpened");
    require(answer.job_id == host_.job_id, who(), " got a stream for another job");
    if (!answer.error.empty())
        return fall_back(answer.error);
    require(static_cast<bool>(stream), who(), " was told of a stream and got none");
    start_helper(std::move(stream));
}

void Client::connect_to_helper() {
    const auto helper = std::ranges::find(around_.machines, host_.hostname, &Machine::address);
    require(helper != around_.machines.end(), who(), " is sent to ", host_.hostname);
    enter(Step::stream, Duration(icecc::helper_connect_time) + 1s);
    timers_.after(
        around_.network.connect_time(machine_.number, helper->number, icecc::helper_connect_time),
        [this, to = helper->number] {
            auto stream = around_.network.connect(machine_.number, to, Service::daemon);
            if (stream)
                start_helper(*std::move(stream));
            else
                fall_back(stream.error().text);
        });
}

void Client::start_helper(Stream stream) {
    enter(Step::helper_hello, icecc::helper_connect_time);
    helper_ = std::move(stream);
    helper_.on_closed([this](const Error& why) { fall_back("helper: " + why.text); });
    helper_.read([this](const Packet& packet) { on_helper_packet(packet); });
    helper_.send(Packet{.hello = machine_.client_version, .frame = {}, .passed = {}});
}

void Client::on_helper_packet(const Packet& packet) {
    if (packet.hello)
        return on_helper_hello(*packet.hello);
    const auto message = open<wire::FromHelper>(packet, *helper_version_);
    require(message.has_value(), who(), ": ", message ? "" : message.error().text);
    if (around_.trace.wanted())
        around_.trace.line(who(), "helper says ", text_of(*message));
    std::visit(overload{
                   [&](const wire::StatusText& m) { fall_back(m.text); },
                   [&](const wire::VerifyEnvResult& m) { on(m); },
                   [&](const wire::CompileResult& m) { on(m); },
                   [&](const wire::ResultFile&) {
                       if (step_ != Step::outputs)
                           unexpected("ResultFile");
                   },
                   [&](const wire::FileChunk& m) { on_object(m.bytes); },
                   [&](const wire::End&) {
                       if (step_ != Step::outputs)
                           return fall_back("the helper cannot");
                       require(has_object_, who(), " got no object");
                       daemon_.send(wire::End{}, version());
                       finish(Outcome::remote);
                   },
               },
               *message);
}

void Client::on_helper_hello(wire::Version theirs) {
    helper_version_ = agreed(theirs, machine_.client_version);
    if (host_.got_env)
        return send_job();
    send_environment();
}

void Client::send_environment() {
    wire::TransferEnv announcement{.name = toolchain_.name, .target = machine_.platform};
    wire::VerifyEnv question{.environment = toolchain_.name, .target = machine_.platform};
    if (helper_version_->revision >= 1)
        announcement.digest = question.digest = toolchain_.content;
    enter(Step::verifying, Duration(icecc::verify_time) + plan_.preparation * 2);
    helper_.send(announcement, *helper_version_);
    helper_.send(chunk(toolchain_.content), *helper_version_);
    timers_.after(plan_.preparation, [this, question] {
        if (!helper_ || step_ != Step::verifying)
            return;
        helper_.send(wire::End{}, *helper_version_);
        if (helper_version_->base < verifying_base)
            return send_job();
        helper_.send(question, *helper_version_);
    });
}

void Client::on(const wire::VerifyEnvResult& answer) {
    if (step_ != Step::verifying)
        unexpected("VerifyEnvResult");
    if (answer.ok)
        return send_job();
    if (daemon_)
        daemon_.send(wire::BlacklistHostEnv{toolchain_.name, machine_.platform, host_.hostname},
                     version());
    fall_back("the helper cannot use the environment");
}

void Client::send_job() {
    enter(Step::compiling, icecc::result_time);
    wire::CompileFile job;
    job.language = wire::Language::cxx;
    job.job_id = host_.job_id;
    if (helper_version_->base >= paths_base)
        job.flags = arguments_of(plan_.unit);
    else
        job.rest_flags = arguments_of(plan_.unit);
    job.environment = toolchain_.name;
    job.target = machine_.platform;
    job.compiler_name = "g++";
    job.output_file = str(plan_.unit, ".o");
    if (helper_version_->revision >= 1)
        job.digest = toolchain_.content;
    helper_.send(job, *helper_version_);
    for (int i = 1; i <= pieces; ++i)
        timers_.after(plan_.preparation * i / pieces, [this, last = i == pieces] {
            if (!helper_ || step_ != Step::compiling)
                return;
            helper_.send(chunk("int i;"), *helper_version_);
            if (last)
                helper_.send(wire::End{}, *helper_version_);
        });
}

void Client::on(const wire::CompileResult& result) {
    if (step_ != Step::compiling)
        unexpected("CompileResult");
    if (result.status != 0)
        return fall_back("the helper's compiler failed");
    enter(Step::outputs, icecc::output_piece_time);
}

void Client::on_object(const std::string& bytes) {
    if (step_ != Step::outputs)
        unexpected("FileChunk");
    require(bytes == str(plan_.unit, " by ", toolchain_.content), who(), " got the object '", bytes,
            "' and wanted one by ", toolchain_.content);
    has_object_ = true;
}

// --- here --------------------------------------------------------------------------------------

void Client::fall_back(const std::string& why) {
    around_.trace.line(who(), "compiles here: ", why);
    around_.tally.add(Event::fallback);
    remote_tried_ = true;
    timers_.clear();
    helper_.close();
    daemon_.close();
    connect();
}

void Client::build_here() {
    around_.tally.add(Event::without_daemon);
    step_ = Step::over;
    patience_.disarm();
    daemon_.close();
    timers_.after(plan_.work * machine_.slowness, [this] { finish(Outcome::without_daemon); });
}

void Client::finish(Outcome outcome) {
    step_ = Step::over;
    leave_slot();
    patience_.disarm();
    helper_.close();
    daemon_.close();
    around_.trace.line(who(), "is done");
    if (outcome == Outcome::remote)
        around_.tally.add(Event::remote_compile);
    if (outcome == Outcome::own)
        around_.tally.add(Event::own_compile);
    const Done tell = done_; // which ends this
    tell({outcome, remote_tried_, lost_patience_});
}

} // namespace ice::sim
