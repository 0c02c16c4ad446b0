#include "config/conf_variables.h"

#include "base/str.h"
#include "config/conf_file.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <optional>

namespace ice::config {

namespace {

constexpr std::string_view prefix = "ICECREAM_";
/// The client's variables; putting them here is an old mistake (distro.md 2.2).
constexpr std::string_view client_prefix = "ICECC_";
constexpr std::size_t farthest_suggestion = 2;

/// What a service manager sets and files may refer to.
constexpr std::array service_manager_variables{"RC_SVCNAME", "RC_RUNLEVEL", "HOSTNAME"};

/// The number of insertions, deletions and replacements from one to the other.
std::size_t edit_distance(std::string_view from, std::string_view to) {
    std::vector<std::size_t> row(to.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < from.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i + 1);
        for (std::size_t j = 0; j < to.size(); ++j) {
            const std::size_t replaced = diagonal + (from[i] == to[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
        }
    }
    return row.back();
}

std::optional<std::string> nearest(std::string_view name, const std::vector<std::string>& known) {
    std::optional<std::string> best;
    std::size_t best_distance = farthest_suggestion + 1;
    for (const std::string& candidate : known) {
        const std::size_t distance = edit_distance(name, candidate);
        if (distance < best_distance) {
            best_distance = distance;
            best = candidate;
        }
    }
    return best;
}

std::map<std::string, std::string> known_to(const Surroundings& surroundings) {
    std::map<std::string, std::string> known;
    for (const char* name : service_manager_variables)
        if (const std::string* value = surroundings.variable(name))
            known[name] = *value;
    return known;
}

bool has_control_or_blank(std::string_view text) {
    return std::ranges::any_of(
        text, [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == '\x7f'; });
}

} // namespace

std::string describe(const Finding& finding) {
    return finding.line == 0 ? str(finding.file, ": ", finding.text)
                             : str(finding.file, ':', finding.line, ": ", finding.text);
}

Settings read_settings(const std::vector<std::string>& files, const Surroundings& surroundings) {
    Settings settings;
    std::map<std::string, std::string> known = known_to(surroundings);
    for (const std::string& file : files) {
        const auto text = surroundings.read_file(file);
        if (!text) {
            settings.findings.push_back({file, 0, text.error().text, true});
            continue;
        }
        const ConfFile content = parse_conf_file(*text, known);
        for (const ConfComplaint& complaint : content.complaints)
            settings.findings.push_back({file, complaint.line, complaint.text, false});
        for (const auto& [name, value] : content.values) {
            known[name] = value.value;
            if (name.starts_with(prefix) || name.starts_with(client_prefix))
                settings.values[name] = {value.value, file, value.line};
        }
    }
    return settings;
}

void apply_settings(const Variables& rows, Settings& settings) {
    for (const Variable& row : rows) {
        const auto found = settings.values.find(row.name);
        if (found == settings.values.end() || found->second.value.empty())
            continue;
        const Setting& setting = found->second;
        const auto applied = row.apply({row.name, setting.value});
        if (applied)
            continue;
        const std::string& why = applied.error().text;
        settings.findings.push_back({setting.file, setting.line,
                                     why.starts_with(row.name) ? why : str(row.name, ": ", why),
                                     true});
    }
}

void find_strangers(const std::vector<const Variables*>& tables, Settings& settings) {
    std::vector<std::string> all;
    for (const Variables* table : tables)
        for (const Variable& row : *table)
            all.push_back(row.name);
    for (const auto& [name, setting] : settings.values) {
        std::string text;
        if (name.starts_with(client_prefix)) {
            text = str(name, " is read by the client from its environment; here it has no effect");
        } else if (std::ranges::find(all, name) == all.end()) {
            const auto suggestion = nearest(name, all);
            text = str("unknown variable ", name,
                       suggestion ? str("; did you mean ", *suggestion, '?') : std::string());
        }
        if (!text.empty())
            settings.findings.push_back({setting.file, setting.line, std::move(text), false});
    }
}

Variables service_variables() {
    const auto yes_no = [](const Use& use) -> Result<void> {
        const auto value = parse_yes_no(use.value);
        return value ? Result<void>() : value.error();
    };
    const auto supervisor = [](const Use& use) -> Result<void> {
        if (use.value == "supervise-daemon" || use.value == "start-stop-daemon")
            return {};
        return Error{Errc::invalid, "requires supervise-daemon or start-stop-daemon"};
    };
    return {{"ICECREAM_RUN_SCHEDULER", yes_no}, {"ICECREAM_SUPERVISOR", supervisor}};
}

std::function<Result<void>(const Use&)> path_into(std::string& target) {
    return [&target](const Use& use) -> Result<void> {
        if (!use.value.starts_with('/'))
            return Error{Errc::invalid, str(use.spelled, " requires an absolute path")};
        if (use.value.ends_with(' ') || use.value.find('\n') != std::string::npos)
            return Error{
                Errc::invalid,
                str(use.spelled, " ends in a blank or holds a line break: \"", use.value, '"')};
        target = use.value;
        return {};
    };
}

std::function<Result<void>(const Use&)> word_into(std::string& target) {
    return [&target](const Use& use) -> Result<void> {
        if (has_control_or_blank(use.value))
            return Error{Errc::invalid,
                         str(use.spelled, " may hold no blanks: \"", use.value, '"')};
        target = use.value;
        return {};
    };
}

/// "-vv" or "-v -v", as upstream's scripts passed them on, or the number.
std::function<Result<void>(const Use&)> verbosity_into(unsigned& target) {
    return [&target](const Use& use) -> Result<void> {
        if (const auto number = parse_number<unsigned>(use.value)) {
            target = *number;
            return {};
        }
        if (!use.value.starts_with("-v") || use.value.find_first_not_of("-v ") != std::string::npos)
            return Error{Errc::invalid, str(use.spelled, " requires -v, -vv or -vvv")};
        target = static_cast<unsigned>(std::ranges::count(use.value, 'v'));
        return {};
    };
}

Result<bool> parse_yes_no(const std::string& text) {
    std::string lower = text;
    std::ranges::transform(lower, lower.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    if (lower == "yes" || lower == "true" || lower == "on" || lower == "1")
        return true;
    if (lower == "no" || lower == "false" || lower == "off" || lower == "0")
        return false;
    return Error{Errc::invalid, str('"', text, "\" is neither yes nor no")};
}

} // namespace ice::config
