#include "env/mapped_file.h"

#include "base/check.h"
#include "base/str.h"
#include "base/unique_fd.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <utility>

namespace ice::env {

Result<MappedFile> MappedFile::open(const std::string& path) {
    // Not blocking: somebody's pipe must not stop us before we have seen that it is one.
    const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    if (!fd)
        return system_error(str("open ", path));
    struct stat status {};
    if (fstat(fd.get(), &status) != 0)
        return system_error(str("stat ", path));
    if (!S_ISREG(status.st_mode))
        return Error{Errc::invalid, str(path, " is not a regular file")};
    const auto size = static_cast<std::size_t>(status.st_size);
    if (size == 0)
        return MappedFile({}, status.st_mode);
    void* address = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd.get(), 0);
    if (address == MAP_FAILED)
        return system_error(str("map ", path));
    return MappedFile({static_cast<const std::uint8_t*>(address), size}, status.st_mode);
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : bytes_(std::exchange(other.bytes_, {})), mode_(other.mode_) {}

MappedFile::~MappedFile() {
    if (!bytes_.empty())
        munmap(const_cast<std::uint8_t*>(bytes_.data()), bytes_.size());
}

} // namespace ice::env
