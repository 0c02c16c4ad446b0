#include "args/language.h"

namespace ice::args {

std::string_view language_option(Language language) {
    switch (language) {
    case Language::c:
        return "c";
    case Language::cxx:
        return "c++";
    case Language::objective_c:
        return "objective-c";
    case Language::objective_cxx:
        return "objective-c++";
    case Language::custom:
        break;
    }
    return {};
}

std::string_view remote_compiler_name(CompilerKind kind, Language language) {
    if (kind == CompilerKind::clang) {
        return "clang";
    }
    // g++ is for C++ only: upstream runs gcc for Objective-C++ as well (its -x option decides).
    return language == Language::cxx ? "g++" : "gcc";
}

} // namespace ice::args
