#include "icecc/captured_text.h"

#include "base/check.h"

#include <cerrno>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace ice::icecc {

Result<CapturedText> CapturedText::create() {
    UniqueFd memory(::memfd_create("icecc-text", MFD_CLOEXEC));
    if (!memory)
        return system_error("memfd_create");
    return CapturedText(std::move(memory));
}

Result<std::string> CapturedText::read(std::size_t limit) const {
    struct stat info {};
    if (::fstat(fd(), &info) != 0)
        return system_error("captured text");
    const auto size = static_cast<std::size_t>(info.st_size);
    if (size > limit)
        return Error{Errc::limit, "more text than expected"};
    std::string text(size, '\0');
    std::size_t filled = 0;
    while (filled < size) {
        const ssize_t got =
            ::pread(fd(), text.data() + filled, size - filled, static_cast<off_t>(filled));
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return system_error("captured text");
        filled += static_cast<std::size_t>(got);
    }
    return text;
}

} // namespace ice::icecc
