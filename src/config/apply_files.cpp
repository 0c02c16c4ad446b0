#include "config/apply_files.h"

#include "base/str.h"

#include <algorithm>

namespace ice::config {

namespace {

/// The system's configuration is for the system's daemons: one that a user starts for himself, or a
/// test, reads only what it is told to.
std::vector<std::string> files_to_read(const FileChoice& choice, const CommonConfig& config,
                                       const Surroundings& surroundings) {
    if (!choice.files.empty()) {
        std::vector<std::string> files = choice.files;
        std::erase(files, "none");
        return files;
    }
    if (!choice.check && (surroundings.self.uid != 0 || config.hooks.tests))
        return {};
    std::vector<std::string> files;
    for (const std::string& file : surroundings.usual_files)
        if (files.empty() && surroundings.is_file(file))
            files.push_back(file);
    return files;
}

/// Every finding on a line, worst last, and a verdict.
Exit report(const std::vector<std::string>& files, const std::vector<Finding>& findings) {
    std::string text;
    const auto fatal = std::ranges::count(findings, true, &Finding::fatal);
    for (const bool wanted : {false, true}) {
        for (const Finding& finding : findings) {
            const std::string line = str(describe(finding), wanted ? " (error)\n" : " (warning)\n");
            // Both daemons read some variables, and then both complain.
            if (finding.fatal == wanted && text.find(line) == std::string::npos)
                text += line;
        }
    }
    if (files.empty())
        text += "no configuration file\n";
    for (const std::string& file : files)
        if (findings.empty())
            text += str(file, ": fine\n");
    return {fatal == 0 ? 0 : 1, std::move(text)};
}

} // namespace

std::optional<Exit> apply_files(const FileChoice& choice, const Variables& own,
                                const Variables& others, CommonConfig& config,
                                const Surroundings& surroundings) {
    const auto files = files_to_read(choice, config, surroundings);
    Settings settings = read_settings(files, surroundings);
    const Variables service = service_variables();
    apply_settings(own, settings);
    find_strangers({&own, &others, &service}, settings);
    if (choice.check) {
        apply_settings(others, settings);
        apply_settings(service, settings);
        return report(files, settings.findings);
    }
    for (const Finding& finding : settings.findings) {
        if (finding.fatal)
            return Exit{1, str("Error: ", describe(finding), '\n')};
        config.remarks.push_back(describe(finding));
    }
    return std::nullopt;
}

} // namespace ice::config
