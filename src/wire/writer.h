// Writer: appends the fields of one message to a byte string, for one version.
#pragma once

#include "wire/fields.h"
#include "wire/version.h"

#include <string>
#include <string_view>
#include <type_traits>

namespace ice::wire {

class Writer {
public:
    static constexpr bool reading = false;

    Writer(Version version, std::string& out) : version_(version), out_(out) {}

    [[nodiscard]] std::uint32_t base() const { return version_.base; }

    template <class... Fields>
    void operator()(const Fields&... fields) {
        (put(fields), ...);
    }
    /// Fields that upstream has since protocol `base`.
    template <class... Fields>
    void since(std::uint32_t base, const Fields&... fields) {
        if (version_.base >= base)
            (put(fields), ...);
    }
    /// Fields that only our own peers know, since revision `revision`.
    template <class... Fields>
    void since_revision(std::uint32_t revision, const Fields&... fields) {
        if (version_.revision >= revision)
            (put(fields), ...);
    }
    /// The payload of a chunk: both sizes, the codec word where there is one, the bytes.
    void chunk(std::uint32_t uncompressed_size, ChunkCodec codec, const std::string& bytes);

private:
    void put(std::uint32_t value);
    void put(std::int32_t value) { put(static_cast<std::uint32_t>(value)); }
    void put(bool value) { put(std::uint32_t{value}); }
    void put(std::string_view value);
    void put(const std::string& value) { put(std::string_view(value)); }
    void put(const RawText& value) { put(std::string_view(value.bytes)); }
    void put(const StringList& values);
    void put(const EnvironmentList& values);
    template <class Enum>
        requires std::is_enum_v<Enum>
    void put(Enum value) { put(static_cast<std::uint32_t>(value)); }

    Version version_;
    std::string& out_;
};

} // namespace ice::wire
