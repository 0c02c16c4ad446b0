// What SIGHUP does to the log, in the order upstream's test suite depends on (log-vocabulary 4):
// reopen, then the flush mark, then the header.
#pragma once

#include "log/log.h"

#include <string>

namespace ice::log {

/// Files named by ICECC_TEST_FLUSH_LOG_MARK and ICECC_TEST_LOG_HEADER; empty: none.
struct HangUpHooks {
    std::string flush_mark_file;
    std::string header_file;
};

void hang_up(Log& log, const HangUpHooks& hooks);

} // namespace ice::log
