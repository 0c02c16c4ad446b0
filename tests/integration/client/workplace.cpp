#include "workplace.h"

#include "base/check.h"
#include "base/str.h"
#include "proc/spawn.h"

#include <algorithm>
#include <fcntl.h>
#include <fstream>
#include <sstream>
#include <sys/stat.h>
#include <unistd.h>

namespace ice::icecc::test {

namespace fs = std::filesystem;

namespace {

constexpr std::chrono::seconds patience{60};

} // namespace

const char* const fake_compiler = R"sh(#!/bin/sh
case " $* " in *' -### '*) exec /usr/bin/gcc "$@" ;; esac
object=; source=; half=link; previous=
for word; do
    case $word in
    -E) half=preprocess ;;
    -c) half=compile ;;
    *.c) source=$word ;;
    esac
    [ "$previous" = -o ] && object=$word
    previous=$word
done
[ -n "$object" ] || object=${source%.c}.o
[ -r "$source" ] || { echo "fake: no input" >&2; exit 4; }
text=$(cat "$source")
case $text in *noisy*) echo "fake: noisy" >&2 ;; esac
if [ $half = preprocess ]; then
    case $text in *unready*) echo "fake: unready" >&2; exit 3 ;; esac
    echo "$text"
    exit 0
fi
case $text in *broken*) echo "fake: broken" >&2; exit 1 ;; esac
printf 'LOCAL %s\n' "$text" > "$object"
)sh";

std::string icecc() { return ICECC_UNDER_TEST; }

Workplace::Workplace() {
    std::string pattern = (fs::temp_directory_path() / "icecc-client-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr)
        throw SystemError(errno, "mkdtemp");
    path_ = fs::canonical(pattern);
    fs::create_directory(path_ / "bin");
    write("bin/gcc", fake_compiler);
    fs::permissions(path_ / "bin/gcc", fs::perms::owner_all);
    write("a.c", "source");
}

Workplace::~Workplace() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
}

void Workplace::write(const std::string& name, const std::string& text) const {
    std::ofstream(path_ / name) << text;
}

std::string Workplace::read(const std::string& name) const {
    std::ostringstream text;
    text << std::ifstream(path_ / name).rdbuf();
    return text.str();
}

bool Workplace::has(const std::string& name) const { return fs::exists(path_ / name); }

std::string Workplace::new_files() const {
    const std::vector<std::string> known{"0123.tar.gz", "a.c", "bin",   "err",
                                         "log",         "out", "socket"};
    std::vector<std::string> found;
    for (const auto& entry : fs::directory_iterator(path_))
        if (std::ranges::find(known, entry.path().filename().string()) == known.end())
            found.push_back(entry.path().filename());
    std::ranges::sort(found);
    std::string names;
    for (const std::string& name : found)
        names += (names.empty() ? "" : " ") + name;
    return names;
}

std::vector<std::string> Workplace::environment(const std::vector<std::string>& variables) const {
    std::vector<std::string> all{str("PATH=", file("bin"), ":/usr/bin:/bin"),
                                 str("HOME=", directory()),
                                 "ICECC_DEBUG=debug",
                                 str("ICECC_LOGFILE=", file("log")),
                                 "ICECC_TEST_REMOTEBUILD=1",
                                 "LC_ALL=C",
                                 str("ICECC_TEST_SOCKET=", file("socket"))};
    all.insert(all.end(), variables.begin(), variables.end());
    return all;
}

proc::Child Workplace::start(const std::vector<std::string>& argv,
                             const std::vector<std::string>& variables) const {
    auto child = proc::spawn({.program = argv.front(),
                              .argv = argv,
                              .environment = environment(variables),
                              .working_directory = directory(),
                              .stdin_fd = proc::dev_null});
    if (!child)
        throw std::runtime_error(child.error().text);
    return *std::move(child);
}

Finished Workplace::run(const std::vector<std::string>& argv,
                        const std::vector<std::string>& variables) const {
    const UniqueFd out(::open(file("out").c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    const UniqueFd err(::open(file("err").c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    auto child = proc::spawn({.program = argv.front(),
                              .argv = argv,
                              .environment = environment(variables),
                              .working_directory = directory(),
                              .stdin_fd = proc::dev_null,
                              .stdout_fd = out.get(),
                              .stderr_fd = err.get()});
    if (!child)
        throw std::runtime_error(child.error().text);
    const auto status = child->wait(proc::deadline_in(patience));
    if (!status)
        throw std::runtime_error(status.error().text);
    return {status->code, status->signal, read("out"), read("err")};
}

} // namespace ice::icecc::test
