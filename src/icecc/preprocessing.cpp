#include "icecc/preprocessing.h"

#include "base/str.h"
#include "icecc/captured_text.h"
#include "icecc/limits.h"
#include "icecc/probe.h"
#include "icecc/read_file.h"
#include "icecc/trusted_path.h"
#include "icecc/words.h"
#include "icecc/wrapper_check.h"
#include "proc/pipe.h"
#include "proc/spawn.h"

#include <algorithm>
#include <array>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace ice::icecc {

namespace {

using State = wire::RecipeState;

/// Where the make rule of a trial goes: the descriptor the trial gets for it.
constexpr int rule_fd = 3;
constexpr const char* rule_path = "/dev/fd/3";

/// Changes with every other file that takes the driver's place.
std::optional<std::string> state_of(const std::string& program) {
    struct stat status {};
    if (::stat(program.c_str(), &status) < 0)
        return std::nullopt;
    return str(status.st_dev, ' ', status.st_ino, ' ', status.st_size, ' ', status.st_mtim.tv_sec,
               ' ', status.st_mtim.tv_nsec, ' ', status.st_ctim.tv_sec, ' ',
               status.st_ctim.tv_nsec);
}

/// Whether nobody but the driver's owner and root can have put these things there, nor can put
/// others in their place: their names come from a daemon, which has less rights than many of its
/// users.
bool are_trusted(const std::vector<std::string>& paths, const std::string& driver) {
    struct stat of_driver {};
    if (::stat(driver.c_str(), &of_driver) != 0)
        return false;
    return std::ranges::all_of(
        paths, [&](const std::string& path) { return is_trusted_path(path, of_driver.st_uid); });
}

/// Whether the driver of this compiler proper would read specs of the installation. No recipe is
/// made where it does (recipe_from), so somebody has put them there since.
bool has_specs(const std::string& program) {
    constexpr std::string_view programs = "/libexec/", libraries = "/lib/"; // apart in some places
    const auto is_there = [](const std::string& folder) {
        return ::access(str(folder, "specs").c_str(), F_OK) == 0;
    };
    std::string folder = program.substr(0, program.rfind('/') + 1);
    if (is_there(folder))
        return true;
    const auto at = folder.rfind(programs);
    return at != folder.npos && is_there(folder.replace(at, programs.size(), libraries));
}

/// Whether a recipe's command may run for this driver.
bool may_run(const std::vector<std::string>& command, const std::string& driver) {
    return are_trusted(places_of(command), driver) && !has_specs(command.front());
}

std::span<const char* const> our_environment() {
    std::size_t count = 0;
    while (environ[count] != nullptr)
        ++count;
    return {environ, count};
}

/// What to run the compiler proper with; nothing: ours.
std::optional<std::vector<std::string>> environment_for(const std::vector<std::string>& command) {
    auto variable = variable_of_driver(command);
    if (!variable)
        return std::nullopt;
    const auto ours = our_environment(); // without that variable: recipe_key
    std::vector<std::string> all(ours.begin(), ours.end());
    all.push_back(*std::move(variable));
    return all;
}

/// What a preprocessor makes of a unit.
struct Made {
    Fingerprint output;
    std::string text; ///< on stderr
    std::string rule; ///< for make
};

/// The digest of all that the other end writes. A unit may include what never ends, such as a named
/// pipe that was read already.
std::optional<Fingerprint> digest_of(int fd, proc::Deadline deadline) {
    Fingerprint print;
    std::array<char, 65536> piece;
    while (true) {
        pollfd readable{fd, POLLIN, 0};
        if (::poll(&readable, 1, proc::poll_timeout(deadline)) <= 0)
            return std::nullopt;
        const ssize_t got = ::read(fd, piece.data(), piece.size());
        if (got < 0)
            return std::nullopt;
        if (got == 0)
            return print;
        print.add({piece.data(), static_cast<std::size_t>(got)});
    }
}

std::optional<Made> run(const std::vector<std::string>& command) {
    const auto deadline = proc::deadline_in(trial_time);
    auto pipe = proc::make_pipe();
    auto text = CapturedText::create(), rule = CapturedText::create();
    if (!pipe || !text || !rule)
        return std::nullopt;
    auto child = proc::spawn({.program = command.front(),
                              .argv = command,
                              .environment = environment_for(command),
                              .stdin_fd = proc::dev_null,
                              .stdout_fd = pipe->write.get(),
                              .stderr_fd = text->fd(),
                              .extra_fds = {{rule->fd(), rule_fd}},
                              .keep_signals = true,
                              .new_process_group = true});
    if (!child)
        return std::nullopt;
    pipe->write.reset();
    const auto output = digest_of(pipe->read.get(), deadline);
    const auto ended = child->wait(deadline);
    auto said = text->read(max_preprocessor_text), ruled = rule->read(max_preprocessor_text);
    if (!output || !ended || ended->shell_code() != 0 || !said || !ruled)
        return std::nullopt;
    return Made{.output = *output, .text = *std::move(said), .rule = *std::move(ruled)};
}

/// The rule's file of a unit, in its `files`; none without a rule.
std::string* rule_file(UnitCommand& unit) {
    std::size_t next = 0;
    for (std::size_t at = 0; at < unit.words.size() && next < unit.files.size(); ++at) {
        if (unit.words[at] == "-MF")
            return &unit.files[next];
        next += unit.words[at] == "-MT" || unit.words[at] == "-MQ" ? 1 : 0;
    }
    return nullptr;
}

} // namespace

Preprocessing::Preprocessing(const Job& job, DaemonSession& daemon, Log& log)
    : daemon_(daemon),
      log_(log),
      command_(args::preprocessor_command(job.analysis, job.plan, job.compiler)) {
    if (!job.is_clang() && !job.analysis.input_is_preprocessed && daemon.keeps_recipes())
        choose(job);
}

void Preprocessing::choose(const Job& job) {
    auto unit = take_names_out(std::span(command_).subspan(1), job.analysis.input);
    const auto state = state_of(job.compiler);
    if (!unit || !state)
        return;
    const auto key = recipe_key(*unit, job.compiler, *state, our_environment());
    if (!key)
        return;
    auto known = daemon_.ask_for_recipe(*key);
    if (!known)
        return;
    key_ = *key;
    known_ = *std::move(known);
    unit_ = std::move(unit);
    driver_command_ = command_;
    if (known_.state != State::proven)
        return;
    auto direct = follow(known_.words, *unit_);
    if (!direct || !may_run(*direct, job.compiler))
        return;
    command_ = *std::move(direct);
    environment_ = environment_for(command_);
}

void Preprocessing::look_at(std::span<const char> piece) {
    if (known_.state == State::taught)
        output_.add({piece.data(), piece.size()});
}

std::optional<RecipeWords> Preprocessing::ask_driver() const {
    auto question = driver_command_;
    question.emplace_back("-###");
    const auto said = compiler_stderr(question);
    return said ? recipe_from(*said, question.front(), *unit_) : std::nullopt;
}

/// Whether cc1, called by the recipe, does for this unit all that the driver did.
bool Preprocessing::is_proven(const std::string& text) const {
    UnitCommand trial = *unit_;
    std::string* const rule = rule_file(trial);
    const std::string rule_of_driver = rule != nullptr ? std::exchange(*rule, rule_path) : "";
    const auto command = follow(known_.words, trial);
    const bool allowed = command && may_run(*command, driver_command_.front());
    const auto made = allowed ? run(*command) : std::nullopt;
    if (!made || made->output != output_ || made->text != text)
        return false;
    if (rule == nullptr)
        return true;
    const auto written = read_file(rule_of_driver, max_preprocessor_text);
    return written && *written && **written == made->rule;
}

void Preprocessing::learn(const std::string& text) {
    const bool wanted = known_.state == State::wanted, on_trial = known_.state == State::taught;
    if (!unit_ || (!wanted && !on_trial) || !can_teach(*unit_))
        return;
    const auto words = is_script(driver_command_.front()) ? std::nullopt : ask_driver();
    if (words && wanted)
        teach(State::taught, *words);
    else if (words && *words == known_.words && is_proven(text))
        teach(State::proven, *words);
    else
        teach(State::unfit, {});
}

void Preprocessing::distrust() {
    if (unit_ && known_.state == State::proven)
        teach(State::unfit, {});
}

void Preprocessing::teach(State state, const RecipeWords& words) {
    constexpr std::array names{"unknown", "wanted", "taught", "proven", "unfit"};
    log_.debug("recipe ", key_, " is ", names.at(static_cast<std::size_t>(state)), ": ",
               joined(words));
    daemon_.teach_recipe({.key = key_, .state = state, .words = words});
}

} // namespace ice::icecc
