#include "iceccd/identity.h"

#include <array>

namespace ice::iceccd {

std::string feature_names(std::uint32_t features) {
    constexpr std::array names{"env_xz", "env_zstd"};
    std::string text;
    for (std::size_t bit = 0; bit < names.size(); ++bit) {
        if ((features >> bit & 1) == 0)
            continue;
        if (!text.empty())
            text += ' ';
        text += names[bit];
    }
    return text.empty() ? "--" : text;
}

} // namespace ice::iceccd
