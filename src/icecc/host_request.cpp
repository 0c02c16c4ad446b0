#include "icecc/host_request.h"

#include "base/str.h"
#include "wire/version.h"

#include <algorithm>

namespace ice::icecc {

namespace {

constexpr int highest_niceness = 20;

/// The oldest helper that can do what the job needs (protocol.md 10.1).
std::uint32_t minimal_host_version(const Job& job, const Settings& settings,
                                   std::uint32_t features) {
    std::uint32_t minimum = wire::lowest_base;
    if (settings.ignore_unverified)
        minimum = std::max(minimum, 31U);
    if (job.analysis.writes_dwo)
        minimum = std::max(minimum, 35U);
    if (features != 0)
        minimum = std::max(minimum, 42U);
    return minimum;
}

wire::Language wire_language(args::Language language) {
    return static_cast<wire::Language>(language); // Both are numbered as protocol.md 5.1.
}

} // namespace

std::string shortened(std::string_view path) {
    std::size_t position = path.size();
    for (int slash = 0; slash < 3; ++slash) {
        position = position == 0 ? std::string_view::npos : path.rfind('/', position - 1);
        if (position != std::string_view::npos)
            continue;
        if (path.starts_with('/'))
            path.remove_prefix(path.rfind('/') + 1);
        return std::string(path);
    }
    return std::string(path.substr(position + 1));
}

wire::GetCs host_request(const Job& job, const Toolchains& toolchains, const Settings& settings,
                         int niceness, std::string_view platform) {
    wire::GetCs request;
    request.versions = offered(toolchains);
    request.filename = shortened(job.absolute(job.analysis.input));
    request.language = wire_language(job.analysis.language);
    request.target = platform;
    request.arg_flags = job.analysis.arg_flags;
    if (job.second_output.empty()) // else it is about another host
        request.preferred_host = settings.preferred_host;
    request.required_features = required_features(toolchains);
    request.minimal_host_version = minimal_host_version(job, settings, request.required_features);
    request.niceness = static_cast<std::uint32_t>(std::clamp(niceness, 0, highest_niceness));
    return request;
}

bool means_here(const wire::UseCs& answer, const Settings& settings) {
    // Upstream's tests run helpers on this very host; those that take no jobs have port 0.
    // Nor can there be one where no environment was chosen: a daemon without a scheduler says that.
    const bool test_helper =
        settings.test_remote_build && answer.port != 0 && !answer.host_platform.empty();
    return answer.hostname == "127.0.0.1" && !test_helper;
}

wire::CompileFile compile_request(const Job& job, std::uint32_t job_id, std::string_view platform) {
    auto arguments = args::remote_arguments(job.analysis, job.plan);
    if (!job.random_seed.empty())
        for (auto* words : {&arguments.flags, &arguments.remote_flags})
            words->insert(words->begin(),
                          str("-frandom-seed=", job.random_seed)); // the user's wins
    wire::CompileFile request;
    request.language = wire_language(job.analysis.language);
    request.job_id = job_id;
    request.flags = std::move(arguments.flags);
    request.remote_flags = std::move(arguments.remote_flags);
    request.rest_flags = std::move(arguments.rest_flags);
    request.target = platform;
    request.compiler_name = args::remote_compiler_name(job.analysis.kind, job.analysis.language);
    request.input_file = job.source_name;
    request.working_directory = job.working_directory;
    request.output_file = job.analysis.output;
    request.dwarf_fission = job.analysis.writes_dwo;
    request.variables = job.variables;
    return request;
}

} // namespace ice::icecc
