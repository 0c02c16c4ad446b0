#include "base/printable.h"

#include <algorithm>

namespace ice {

std::string printable(std::string_view text, char kept) {
    std::string visible(text);
    std::ranges::replace_if(
        visible, [kept](char c) { return c != kept && ((c >= 0 && c < ' ') || c == 0x7f); }, ' ');
    return visible;
}

} // namespace ice
