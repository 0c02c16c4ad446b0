// ContentName: the name of an archive by the formula of icecc-create-env (environments.md 6.6).
//
// One line "<md5 of the file> /<inside name>" per file, in the order of the archive; the name is
// the MD5 of all lines. A node that unpacks an archive can so tell whether the name fits.
#pragma once

#include "env/digest.h"

#include <string>
#include <string_view>

namespace ice::env {

class ContentName {
public:
    /// `inside` is the member's name without the leading slash, `md5_hex` of what it contains.
    void add(std::string_view md5_hex, std::string_view inside);

    [[nodiscard]] std::string finish_hex() { return lines_.finish_hex(); }

private:
    Digest lines_{Digest::Kind::md5};
};

} // namespace ice::env
