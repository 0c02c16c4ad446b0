#include "icecc/locale.h"

#include <clocale>
#include <langinfo.h>
#include <string_view>
#include <strings.h>

namespace ice::icecc {

bool has_utf8_locale() {
    static_cast<void>(std::setlocale(LC_CTYPE, ""));
    return ::strcasecmp(::nl_langinfo(CODESET), "UTF-8") == 0;
}

bool is_translated(const Settings& settings) {
    const char* const locale = std::setlocale(LC_MESSAGES, "");
    const std::string_view name = locale == nullptr ? "C" : locale; // as gcc takes an unknown one
    if (name == "C" || name == "POSIX")
        return false; // whatever LANGUAGE says (gettext manual, "Locale Environment Variables")
    return !settings.language.empty() || !(name.starts_with("C.") || name.starts_with("en_US"));
}

} // namespace ice::icecc
