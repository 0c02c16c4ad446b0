#include "log/hang_up.h"

#include <fstream>

namespace ice::log {

namespace {

/// Lines of the header file that are copied.
constexpr int header_lines = 3;

void write_mark(Log& log, const std::string& file) {
    std::string line;
    if (std::ifstream input(file); std::getline(input, line) && !line.empty())
        log.debug("flush log mark: ", line);
}

void write_header(Log& log, const std::string& file) {
    std::ifstream input(file);
    std::string line, header;
    for (int i = 0; i < header_lines && std::getline(input, line); ++i)
        header += line + '\n';
    log.write_raw(header);
}

} // namespace

void hang_up(Log& log, const HangUpHooks& hooks) {
    if (const auto reopened = log.reopen(); !reopened)
        log.error(reopened.error().text);
    if (!hooks.flush_mark_file.empty())
        write_mark(log, hooks.flush_mark_file);
    if (!hooks.header_file.empty())
        write_header(log, hooks.header_file);
}

} // namespace ice::log
