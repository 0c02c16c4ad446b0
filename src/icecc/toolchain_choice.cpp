#include "icecc/toolchain_choice.h"

#include "base/str.h"
#include "env/icecc_version.h"
#include "env/platform.h"

#include <unistd.h>

namespace ice::icecc {

namespace {

constexpr const char* no_native_environment =
    "daemon can't determine native environment. Set $ICECC_VERSION to an icecc environment.";

bool is_readable(const std::string& path) { return ::access(path.c_str(), R_OK) == 0; }

Result<Toolchains> from_version(const Job& job, const std::string& version, Log& log) {
    const auto parsed =
        env::parse_icecc_version(version, job.compiler, env::host_platform(), env::probe_file);
    for (const env::VersionRefusal& refusal : parsed.refusals) {
        if (refusal.why == env::VersionRefusal::Why::other_compiler)
            log.info(refusal.text);
        else
            log.error(refusal.text);
    }
    Toolchains toolchains;
    for (const env::VersionEntry& entry : parsed.entries)
        toolchains.push_back({.platform = entry.platform,
                              .name = entry.name,
                              .path = entry.path,
                              .digest = {},
                              .compression = entry.compression,
                              .archive = {}});
    if (toolchains.empty())
        return Error{Errc::not_found, str("$ICECC_VERSION names no environment for ", job.compiler,
                                          ", building locally")};
    return toolchains;
}

Result<Toolchains> from_daemon(const Job& job, std::vector<std::string> extra_files,
                               DaemonSession& daemon, const Settings& settings, Log& log) {
    const std::string compiler = job.absolute(job.compiler);
    log.debug("asking for native environment for ", compiler);
    auto toolchain = daemon.native_toolchain({.compiler = compiler,
                                              .extra_files = std::move(extra_files),
                                              .compression = settings.env_compression});
    if (!toolchain)
        return toolchain.error().in(no_native_environment);
    if (!toolchain->archive && !is_readable(toolchain->path))
        return Error{Errc::denied,
                     str(no_native_environment, ": ", toolchain->path, " is not readable")};
    log.info("native ", toolchain->path);
    Toolchains toolchains;
    toolchains.push_back(*std::move(toolchain));
    return toolchains;
}

} // namespace

Result<std::vector<std::string>> user_extra_files(const Job& job, const Settings& settings) {
    std::vector<std::string> files;
    std::string_view rest = settings.extra_files ? *settings.extra_files : std::string_view();
    while (settings.extra_files) {
        const auto colon = rest.find(':');
        const std::string file = job.absolute(std::string(rest.substr(0, colon)));
        if (file.empty() || !is_readable(file))
            return Error{Errc::not_found,
                         str("file in ICECC_EXTRAFILES not found: ", file, ", building locally")};
        files.push_back(file);
        if (colon == std::string_view::npos)
            break;
        rest.remove_prefix(colon + 1);
    }
    return files;
}

Result<Toolchains> choose_toolchains(const Job& job, DaemonSession& daemon,
                                     const Settings& settings, Log& log) {
    auto extra_files = user_extra_files(job, settings);
    if (!extra_files)
        return extra_files.error();
    extra_files->insert(extra_files->begin(), job.analysis.extra_files.begin(),
                        job.analysis.extra_files.end());
    auto toolchains = settings.version
                          ? from_version(job, *settings.version, log)
                          : from_daemon(job, *std::move(extra_files), daemon, settings, log);
    if (toolchains)
        for (const Toolchain& toolchain : *toolchains)
            log.debug("env: ", toolchain.platform, " '", toolchain.path, "'");
    return toolchains;
}

} // namespace ice::icecc
