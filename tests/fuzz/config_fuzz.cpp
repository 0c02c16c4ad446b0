// Fuzzes the reader of configuration files, which a root daemon runs on what people edited.
//
// Beyond not crashing: limits hold, lines exist, and a file says the same after being rewritten
// with every value in single quotes.
#include "config/conf_file.h"

#include "base/assert.h"
#include "base/str.h"

#include <algorithm>
#include <cstdint>

using namespace ice;
using namespace ice::config;

namespace {

std::string quoted(const std::string& value) {
    std::string out = "'";
    for (const char c : value)
        out += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return out + "'";
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const ConfFile file = parse_conf_file(text, {{"RC_SVCNAME", "icecream.lab"}});
    const auto lines = 1 + std::ranges::count(text, '\n');
    std::string rewritten;
    for (const auto& [name, value] : file.values) {
        ASSERT(value.line >= 1 && value.line <= lines);
        ASSERT(value.value.size() <= max_conf_value_size);
        rewritten += str(name, '=', quoted(value.value), '\n');
    }
    for (const ConfComplaint& complaint : file.complaints)
        ASSERT(complaint.line >= 1 && complaint.line <= lines);
    if (rewritten.size() > max_conf_file_size)
        return 0;
    const ConfFile again = parse_conf_file(rewritten);
    ASSERT(again.complaints.empty() && again.values.size() == file.values.size());
    for (const auto& [name, value] : file.values)
        ASSERT(again.values.at(name).value == value.value);
    return 0;
}
