#include "env/content_name.h"

#include "base/str.h"

namespace ice::env {

void ContentName::add(std::string_view md5_hex, std::string_view inside) {
    lines_.update(str(md5_hex, " /", inside, '\n'));
}

} // namespace ice::env
