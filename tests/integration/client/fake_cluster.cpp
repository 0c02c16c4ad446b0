#include "fake_cluster.h"

#include "base/check.h"
#include "base/str.h"
#include "env/platform.h"
#include "proc/pipe.h"
#include "proc/spawn.h"
#include "wire/chunk.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <netinet/in.h>
#include <poll.h>
#include <sstream>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace ice::icecc::test {

namespace {

using namespace std::chrono_literals;

/// No test depends on it: it only ends what a bug would keep waiting.
constexpr auto patience = 20s;
constexpr std::uint32_t job_id = 67;

net::Deadline soon() { return net::Clock::now() + patience; }

UniqueFd listen_unix(const std::string& path) {
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    std::memcpy(name.sun_path, path.c_str(), path.size() + 1);
    UniqueFd fd(check(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket"));
    check(::bind(fd.get(), reinterpret_cast<const sockaddr*>(&name), sizeof name), "bind");
    check(::listen(fd.get(), 8), "listen");
    return fd;
}

UniqueFd listen_tcp(std::uint16_t& port) {
    sockaddr_in name{};
    name.sin_family = AF_INET;
    name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    UniqueFd fd(check(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket"));
    check(::bind(fd.get(), reinterpret_cast<const sockaddr*>(&name), sizeof name), "bind");
    check(::listen(fd.get(), 8), "listen");
    socklen_t size = sizeof name;
    check(::getsockname(fd.get(), reinterpret_cast<sockaddr*>(&name), &size), "getsockname");
    port = ntohs(name.sin_port);
    return fd;
}

/// The next connection; none once `stopping`.
UniqueFd accept_one(int listener, const std::atomic<bool>& stopping) {
    while (!stopping) {
        pollfd waiting{listener, POLLIN, 0};
        if (::poll(&waiting, 1, 10) > 0)
            return UniqueFd(::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC));
    }
    return {};
}

std::string read_file(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
}

struct Compiled {
    int status = 0;
    std::string err, object;
};

/// What a helper's gcc makes of `source`.
Compiled compile(const wire::CompileFile& job, const std::string& directory,
                 const std::string& source) {
    const std::string input = directory + "/helper.input";
    const std::string output = directory + "/helper.o";
    const std::string text = directory + "/helper.err";
    std::ofstream(input) << source;
    std::vector<std::string> argv{"gcc", "-x", "c"};
    argv.insert(argv.end(), job.flags.begin(), job.flags.end());
    for (const char* word : {"-fpreprocessed", "-", "-o"})
        argv.emplace_back(word);
    argv.push_back(output);
    const UniqueFd in(::open(input.c_str(), O_RDONLY | O_CLOEXEC));
    const UniqueFd err(::open(text.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    Compiled compiled{.status = 1, .err = {}, .object = {}};
    auto child = proc::spawn(
        {.program = "/usr/bin/gcc", .argv = argv, .stdin_fd = in.get(), .stderr_fd = err.get()});
    if (child)
        if (const auto ended = child->wait(proc::deadline_in(patience)))
            compiled = {ended->shell_code(), read_file(text), read_file(output)};
    for (const std::string& file : {input, output, text})
        ::unlink(file.c_str());
    return compiled;
}

template <class Enum>
std::ostream& print_number(std::ostream& out, const char* type, Enum value) {
    return out << type << ' ' << static_cast<int>(value);
}

} // namespace

std::ostream& operator<<(std::ostream& out, Helper helper) {
    return print_number(out, "Helper", helper);
}
std::ostream& operator<<(std::ostream& out, Daemon daemon) {
    return print_number(out, "Daemon", daemon);
}

FakeCluster::FakeCluster(ClusterPlan plan, std::string directory)
    : plan_(plan),
      directory_(std::move(directory)),
      daemon_listener_(listen_unix(socket_path())),
      helper_listener_(listen_tcp(helper_port_)) {
    std::ofstream(directory_ + "/0123.tar.gz") << std::string(250'000, 'e');
    daemon_thread_ = std::thread([this] { serve_daemon(); });
    port_thread_ = std::thread([this] { serve_helper_port(); });
}

FakeCluster::~FakeCluster() { stop(); }

void FakeCluster::stop() {
    stopping_ = true;
    for (std::thread* thread : {&daemon_thread_, &port_thread_})
        if (thread->joinable())
            thread->join();
    for (std::thread& helper : helpers_)
        helper.join();
    helpers_.clear();
}

void FakeCluster::note(std::string event) {
    const std::scoped_lock lock(mutex_);
    events_.push_back(std::move(event));
}

bool FakeCluster::saw(const std::string& event) const {
    const std::scoped_lock lock(mutex_);
    return std::ranges::find(events_, event) != events_.end();
}

wire::CompileFile FakeCluster::job() const {
    const std::scoped_lock lock(mutex_);
    return job_;
}

wire::JobDone FakeCluster::report() const {
    const std::scoped_lock lock(mutex_);
    return report_;
}

// --- The daemon -------------------------------------------------------------------------------

void FakeCluster::serve_daemon() {
    while (UniqueFd fd = accept_one(daemon_listener_.get(), stopping_))
        serve_client(std::move(fd));
}

void FakeCluster::serve_client(UniqueFd fd) {
    net::Channel client(std::move(fd), "client");
    const wire::Handshake handshake(wire::Handshake::Side::acceptor, plan_.version);
    if (!client.handshake(soon(), handshake))
        return;
    while (true) {
        const auto message = client.receive<wire::FromClient>(soon());
        if (!message || !answer(client, *message))
            return;
    }
}

bool FakeCluster::answer(net::Channel& client, const wire::FromClient& message) {
    if (std::holds_alternative<wire::GetNativeEnv>(message)) {
        note("native environment");
        if (plan_.daemon == Daemon::has_no_environment)
            return client.send(wire::End{}, soon()) && false;
        const std::string path = directory_ + "/0123.tar.gz";
        const UniqueFd archive(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
        const bool passes = client.version().revision >= 1;
        return client
            .send(wire::NativeEnv{.path = path, .digest = "d1"}, soon(),
                  passes ? archive.get() : -1)
            .has_value();
    }
    if (std::holds_alternative<wire::GetCs>(message)) {
        note("host request");
        if (plan_.daemon == Daemon::hangs_up_on_the_host_request)
            return false;
        wire::UseCs use;
        use.job_id = job_id;
        use.port = helper_port_;
        use.hostname = "127.0.0.1";
        use.host_platform = env::host_platform();
        use.got_env = plan_.has_environment;
        if (plan_.daemon == Daemon::hands_the_job_back)
            use.port = 0;
        return client.send(use, soon()).has_value();
    }
    if (std::holds_alternative<wire::AskRecipe>(message))
        return client.send(wire::Recipe{.state = wire::RecipeState::unfit, .words = {}}, soon())
            .has_value();
    if (const auto* wanted = std::get_if<wire::OpenStream>(&message))
        return open_stream(client, wanted->job_id);
    if (std::holds_alternative<wire::JobLocalBegin>(message)) {
        note("local slot");
        if (plan_.daemon == Daemon::hangs_up_on_the_local_slot)
            return false;
        return client.send(wire::JobLocalBegin{}, soon()).has_value();
    }
    if (const auto* own = std::get_if<wire::CompileFile>(&message))
        note(str("own job in ", own->environment));
    if (const auto* done = std::get_if<wire::JobDone>(&message)) {
        note("job done");
        const std::scoped_lock lock(mutex_);
        report_ = *done;
    }
    if (std::holds_alternative<wire::BlacklistHostEnv>(message))
        note("unusable host");
    if (std::holds_alternative<wire::End>(message))
        note("good bye");
    return !std::holds_alternative<wire::End>(message);
}

bool FakeCluster::open_stream(net::Channel& client, std::uint32_t wanted) {
    note("stream");
    if (plan_.daemon == Daemon::hangs_up_on_the_stream)
        return false;
    wire::StreamOpened opened{.job_id = wanted, .error = {}};
    if (plan_.daemon == Daemon::cannot_connect) {
        opened.error = "connect to helper: Connection refused";
        return client.send(opened, soon()).has_value();
    }
    auto pair = proc::make_socketpair();
    if (!pair || !client.send(opened, soon(), pair->theirs.get()))
        return false;
    helpers_.emplace_back([this, fd = pair->ours.release()] { help(UniqueFd(fd)); });
    return true;
}

// --- The helper -------------------------------------------------------------------------------

void FakeCluster::serve_helper_port() {
    while (UniqueFd fd = accept_one(helper_listener_.get(), stopping_)) {
        note("tcp connection");
        help(std::move(fd));
    }
}

void FakeCluster::help(UniqueFd fd) {
    if (plan_.helper == Helper::hangs_up_at_once)
        return;
    net::Channel client(std::move(fd), "client");
    const wire::Handshake handshake(wire::Handshake::Side::acceptor, plan_.version);
    if (!client.handshake(soon(), handshake) || plan_.helper == Helper::hangs_up_after_handshake)
        return;
    if (!plan_.has_environment && !take_environment(client))
        return;
    std::string source;
    if (!take_job(client, source))
        return;
    note("source received");
    if (plan_.helper == Helper::never_answers) {
        static_cast<void>(client.receive<wire::FromClient>(soon()));
        note("client gone");
        return;
    }
    send_result(client, source);
}

bool FakeCluster::take_environment(net::Channel& client) {
    while (true) {
        const auto message = client.receive<wire::FromClient>(soon());
        if (!message)
            return false;
        if (const auto* chunk = std::get_if<wire::FileChunk>(&*message))
            environment_bytes_ += chunk->uncompressed_size;
        if (!std::holds_alternative<wire::VerifyEnv>(*message))
            continue;
        note("verification");
        const bool ok = plan_.helper != Helper::cannot_verify;
        return client.send(wire::VerifyEnvResult{.ok = ok, .reason = {}}, soon()) && ok;
    }
}

bool FakeCluster::take_job(net::Channel& client, std::string& source) {
    while (true) {
        const auto message = client.receive<wire::FromClient>(soon());
        if (!message || std::holds_alternative<wire::End>(*message))
            return message.has_value();
        if (const auto* job = std::get_if<wire::CompileFile>(&*message)) {
            const std::scoped_lock lock(mutex_);
            job_ = *job;
            if (plan_.helper == Helper::hangs_up_on_the_job)
                return false;
        }
        if (const auto* chunk = std::get_if<wire::FileChunk>(&*message)) {
            if (plan_.helper == Helper::hangs_up_in_the_source)
                return false;
            source += wire::open_chunk(*chunk).value_or("");
        }
    }
}

void FakeCluster::send_result(net::Channel& client, const std::string& source) {
    wire::CompileResult result;
    result.file_count = 1;
    std::string object = "REMOTE " + source;
    const int answer = ++answers_;
    switch (plan_.helper) {
    case Helper::hangs_up_after_the_source:
        return;
    case Helper::sends_garbage:
        static_cast<void>(!::write(client.fd(), "GET / HTTP/1.1\r\n\r\n", 18));
        return;
    case Helper::sends_another_message:
        static_cast<void>(client.send(wire::VerifyEnvResult{.ok = true, .reason = {}}, soon()));
        return;
    case Helper::sends_status_text:
        static_cast<void>(client.send(wire::StatusText{"compiler did not start"}, soon()));
        return;
    case Helper::compiles: {
        Compiled compiled = compile(job(), directory_, source);
        result.status = compiled.status;
        result.err.bytes = std::move(compiled.err);
        object = std::move(compiled.object);
        break;
    }
    case Helper::hangs_up_when_asked_again:
        if (answer > 1)
            return;
        break;
    case Helper::never_repeats_itself:
        object += std::to_string(answer);
        break;
    case Helper::runs_out_of_memory:
        result.status = 1;
        result.was_out_of_memory = true;
        break;
    case Helper::is_killed:
        result.status = 105;
        break;
    case Helper::fails_silently:
        result.status = 1;
        break;
    case Helper::warns:
        result.err.bytes = "a.c:1:1: warning: from the helper\n";
        break;
    case Helper::sends_no_file:
        result.file_count = 0;
        break;
    default:
        break;
    }
    if (!client.send(result, soon()) || result.status != 0 ||
        plan_.helper == Helper::hangs_up_before_the_object)
        return;
    send_object(client, object);
}

void FakeCluster::send_object(net::Channel& client, const std::string& object) {
    if (plan_.helper == Helper::sends_no_file)
        return;
    if (client.version().revision >= 1)
        static_cast<void>(client.send(wire::ResultFile{job().output_file}, soon()));
    wire::ChunkCompressor compressor;
    wire::FileChunk chunk = compressor.compress(object, client.version());
    if (plan_.helper == Helper::sends_a_broken_chunk)
        chunk.bytes.assign(chunk.bytes.size(), '\0');
    static_cast<void>(client.send(chunk, soon()));
    const wire::FileChunk crumb = compressor.compress("c", client.version());
    while (plan_.helper == Helper::sends_crumbs && client.send(crumb, soon()))
        ;
    if (plan_.helper == Helper::hangs_up_in_the_object)
        return;
    static_cast<void>(client.send(wire::End{}, soon()));
    // Hanging up with data of the other side unread would reset the connection under our answer.
    static_cast<void>(client.receive<wire::FromClient>(soon()));
}

} // namespace ice::icecc::test
