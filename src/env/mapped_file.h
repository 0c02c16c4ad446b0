// MappedFile: a file's bytes, without copying them.
#pragma once

#include "base/result.h"

#include <cstdint>
#include <span>
#include <string>
#include <sys/stat.h>

namespace ice::env {

class MappedFile {
public:
    /// Only regular files; an empty one is an empty span.
    [[nodiscard]] static Result<MappedFile> open(const std::string& path);

    MappedFile(MappedFile&& other) noexcept;
    MappedFile& operator=(MappedFile&&) = delete;
    ~MappedFile();

    [[nodiscard]] std::span<const std::uint8_t> bytes() const { return bytes_; }
    [[nodiscard]] bool executable() const { return (mode_ & 0111) != 0; }

private:
    MappedFile(std::span<const std::uint8_t> bytes, mode_t mode) : bytes_(bytes), mode_(mode) {}

    std::span<const std::uint8_t> bytes_;
    mode_t mode_ = 0;
};

} // namespace ice::env
