#include "create-env/create_env.h"

#include "base/check.h"
#include "base/overload.h"
#include "base/str.h"
#include "create-env/run_command.h"
#include "env/pack.h"
#include "env/toolchain.h"

#include <set>
#include <sys/stat.h>
#include <unistd.h>

namespace ice::create_env {

namespace {

/// The compilers to pack; at least one.
struct Compilers {
    std::optional<env::GccPair> gcc;
    std::optional<env::Compiler> clang;
};

Result<env::Compiler> identify_as(env::Compiler::Kind kind, const std::string& command,
                                  const env::Host& host) {
    auto compiler = env::identify_compiler(command, host);
    if (compiler && compiler->kind != kind)
        return Error{Errc::invalid,
                     str(command, " is ",
                         compiler->kind == env::Compiler::Kind::gcc ? "gcc; use --gcc"
                                                                    : "clang; use --clang")};
    return compiler;
}

Result<env::GccPair> find_gcc(const std::string& c, const std::string& cxx, const env::Host& host) {
    using enum env::Compiler::Kind;
    auto c_compiler = identify_as(gcc, c, host);
    if (!c_compiler)
        return c_compiler.error();
    auto cxx_compiler = identify_as(gcc, cxx, host);
    if (!cxx_compiler)
        return cxx_compiler.error();
    return env::GccPair{*std::move(c_compiler), *std::move(cxx_compiler)};
}

/// What is no program may be a target, as people try it (icecream issue 524): arm-linux-gnu is the
/// compiler arm-linux-gnu-gcc.
std::string compiler_meant_by(const std::string& word, const env::Host& host) {
    if (word.find('/') != word.npos || env::find_program(word, host.search_path))
        return word;
    for (const char* tool : {"-gcc", "-cc", "-clang"})
        if (env::find_program(word + tool, host.search_path))
            return word + tool;
    return word;
}

/// For `COMPILER [CXX]`: whatever it is.
Result<Compilers> find_any(const Options& options, const env::Host& host) {
    auto compiler = env::identify_compiler(compiler_meant_by(*options.compiler, host), host);
    if (!compiler)
        return compiler.error();
    Compilers found;
    if (compiler->kind == env::Compiler::Kind::clang) {
        found.clang = *std::move(compiler);
        return found;
    }
    if (!options.compiler_cxx) {
        found.gcc = env::find_gcc_pair(*compiler, host);
        return found;
    }
    auto pair = find_gcc(*options.compiler, *options.compiler_cxx, host);
    if (!pair)
        return pair.error();
    found.gcc = *std::move(pair);
    return found;
}

Result<Compilers> find_compilers(const Options& options, const env::Host& host) {
    if (options.compiler)
        return find_any(options, host);
    Compilers found;
    if (options.gcc) {
        auto pair = find_gcc(options.gcc->c, options.gcc->cxx, host);
        if (!pair)
            return pair.error();
        found.gcc = *std::move(pair);
    }
    if (options.clang) {
        auto clang = identify_as(env::Compiler::Kind::clang, *options.clang, host);
        if (!clang)
            return clang.error();
        found.clang = *std::move(clang);
    }
    return found;
}

Result<void> collect(const Options& options, const Compilers& compilers, const env::Host& host,
                     env::Collection& collection) {
    if (Result<void> added = env::add_common(collection, host); !added)
        return added;
    if (compilers.gcc) {
        const bool with_wrapper = compilers.clang && options.wrapper;
        if (Result<void> added = env::add_gcc(collection, *compilers.gcc, with_wrapper, host);
            !added)
            return added;
    }
    if (compilers.clang) {
        if (Result<void> added =
                env::add_clang(collection, *compilers.clang, options.wrapper, host);
            !added)
            return added;
    }
    for (const AddedFile& file : options.added) {
        if (Result<void> added = collection.add(file.inside.substr(1), file.source); !added)
            return added;
    }
    return {};
}

void announce_member(const env::Member& member, std::ostream& out) {
    const std::string source = std::visit(
        overload{
            [](const env::HostFile& file) { return file.path; },
            [](const env::Text& text) { return text.origin.empty() ? "/dev/null" : text.origin; },
            [](const env::LinkTo& link) { return link.target; },
        },
        member.content);
    out << "adding file /" << member.inside;
    if (source != "/" + member.inside)
        out << '=' << source;
    out << '\n';
}

/// The name alone, last of all, for whoever holds the other end.
Result<void> announce_name(int fd, const std::string& name) {
    if (write(fd, name.data(), name.size()) != static_cast<ssize_t>(name.size()))
        return system_error("tell the archive's name");
    return {};
}

/// As they are before packing begins, so that a change while it goes on is noticed later.
Result<void> announce_sources(int fd, const std::set<std::string>& sources) {
    constexpr std::int64_t ns_per_s = 1'000'000'000;
    std::string lines;
    for (const std::string& path : sources) {
        struct stat status {};
        if (stat(path.c_str(), &status) != 0)
            return system_error(str("look at ", path));
        lines += str(status.st_mtim.tv_sec * ns_per_s + status.st_mtim.tv_nsec, ' ', status.st_size,
                     ' ', status.st_ino, ' ', path, '\n');
    }
    if (write(fd, lines.data(), lines.size()) != static_cast<ssize_t>(lines.size()))
        return system_error("tell what the archive is made of");
    return {};
}

Result<std::vector<env::Member>> members_for(const Options& options,
                                             const Surroundings& surroundings) {
    const env::Host host{.run = run_command, .search_path = surroundings.search_path};
    const auto compilers = find_compilers(options, host);
    if (!compilers)
        return compilers.error();
    env::LibraryResolver resolver;
    env::Collection collection(resolver);
    if (const Result<void> done = collect(options, *compilers, host, collection); !done)
        return done.error();
    if (options.sources_fd) {
        if (const auto told = announce_sources(*options.sources_fd, collection.sources()); !told)
            return told.error();
    }
    return collection.members();
}

Result<void> pack_members(std::vector<env::Member> members, const Options& options,
                          const Surroundings& surroundings, std::ostream& out) {
    env::PackRequest request{.members = std::move(members), .compression = options.compression};
    if (surroundings.is_test && options.compression == env::Compression::xz)
        request.level = 0;
    const auto packed = env::pack(request);
    if (!packed)
        return packed.error().in("Couldn't create archive");
    out << "creating " << packed->file_name << '\n' << std::flush;
    return surroundings.name_fd ? announce_name(*surroundings.name_fd, packed->file_name)
                                : Result<void>();
}

} // namespace

int create_env(const Options& options, const Surroundings& surroundings, std::ostream& out,
               std::ostream& err) {
    auto members = members_for(options, surroundings);
    if (!members) {
        err << "icecc-create-env: " << members.error().text << '\n';
        return exit_bad_arguments;
    }
    for (const env::Member& member : *members)
        announce_member(member, out);
    out << std::flush;
    const auto packed = pack_members(*std::move(members), options, surroundings, out);
    if (!packed) {
        err << "icecc-create-env: " << packed.error().text << '\n';
        return exit_archive_failed;
    }
    return exit_done;
}

} // namespace ice::create_env
