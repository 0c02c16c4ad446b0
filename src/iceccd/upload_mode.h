// UploadMode: what becomes of an environment that is being uploaded.
#pragma once

namespace ice::iceccd {

enum class UploadMode {
    install, ///< under its name, which is free
    replace, ///< remove what is installed under that name first
    drain,   ///< read to the end and keep nothing: it is here already, or about to be
};

} // namespace ice::iceccd
