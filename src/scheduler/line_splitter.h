// LineSplitter: cuts what a control client sends into lines, as upstream does: every byte below
// space ends a line, a tab too; "\r\n" ends one line and not two.
#pragma once

#include "base/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace ice::scheduler {

class LineSplitter {
public:
    /// The lines that `bytes` completes. Errc::limit if one is longer than max_control_line.
    Result<std::vector<std::string>> feed(std::string_view bytes);

private:
    std::string partial_;
    bool after_return_ = false;
};

} // namespace ice::scheduler
