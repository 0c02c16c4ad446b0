#include "scheduler/monitor_feed.h"

#include "base/str.h"

#include <array>

namespace ice::scheduler {

namespace {

constexpr std::int32_t lost_exit_code = 255;
constexpr std::array<std::string_view, 2> feature_names = {"env_xz", "env_zstd"};

} // namespace

std::string feature_text(std::uint32_t features) {
    std::string text;
    for (std::size_t bit = 0; bit < feature_names.size(); ++bit)
        if ((features >> bit & 1) != 0)
            text += str(text.empty() ? "" : " ", feature_names[bit]);
    return text.empty() ? "--" : text;
}

wire::MonStats description(const Node& node, const wire::Stats* stats) {
    std::string text =
        str("Name:", node.name, "\nIP:", node.info.address, "\nMaxJobs:", node.slots,
            "\nNoRemote:", node.no_remote ? "true" : "false", "\nPlatform:", node.platform,
            "\nVersion:", node.info.peer_maximum.base, "\nFeatures:", feature_text(node.features),
            "\nSpeed:", node.record.speed(), "\nLoad:", node.load, "\n");
    if (stats != nullptr)
        text += str("LoadAvg1:", stats->load1, "\nLoadAvg5:", stats->load5,
                    "\nLoadAvg10:", stats->load10, "\nFreeMem:", stats->free_mem, "\n");
    return {node.host_id, std::move(text)};
}

wire::MonStats farewell(const Node& node) { return {node.host_id, "State:Offline\n"}; }

wire::MonJobDone lost_job(JobId job) {
    wire::MonJobDone done;
    done.job_id = job;
    done.exitcode = lost_exit_code;
    return done;
}

std::string_view short_filename(std::string_view name) {
    std::size_t cut = name.size();
    for (int slashes = 0; slashes < 3; ++slashes) {
        if (cut == 0 || (cut = name.rfind('/', cut - 1)) == std::string_view::npos)
            return name.starts_with('/') ? name.substr(name.rfind('/') + 1) : name;
    }
    return name.substr(cut + 1);
}

std::string_view language_text(wire::Language language) {
    switch (language) {
    case wire::Language::c:
        return "C";
    case wire::Language::cxx:
        return "C++";
    case wire::Language::objc:
        return "ObjC";
    case wire::Language::objcxx:
        return "ObjC++";
    case wire::Language::custom:
        return "<custom>";
    }
    return "???"; // Any number may come over the wire.
}

} // namespace ice::scheduler
