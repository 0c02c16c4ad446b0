// Reader: takes the fields of one message from a frame's payload, for one version.
//
// It fails stickily: after the first field that does not fit, every further read leaves its field
// alone, so walkers stay straight lines and the failure is looked at once, in finish(). Nothing is
// allocated that the payload does not hold the bytes of.
#pragma once

#include "base/result.h"
#include "wire/fields.h"
#include "wire/version.h"

#include <string>
#include <string_view>
#include <type_traits>

namespace ice::wire {

class Reader {
public:
    static constexpr bool reading = true;

    Reader(Version version, std::string_view payload) : version_(version), rest_(payload) {}

    [[nodiscard]] std::uint32_t base() const { return version_.base; }

    template <class... Fields>
    void operator()(Fields&... fields) {
        (get(fields), ...);
    }
    template <class... Fields>
    void since(std::uint32_t base, Fields&... fields) {
        if (version_.base >= base)
            (get(fields), ...);
    }
    template <class... Fields>
    void since_revision(std::uint32_t revision, Fields&... fields) {
        if (version_.revision >= revision)
            (get(fields), ...);
    }
    void chunk(std::uint32_t& uncompressed_size, ChunkCodec& codec, std::string& bytes);

    /// Whether all was well and nothing is left: surplus bytes are as fatal as missing ones (2.4).
    [[nodiscard]] Result<void> finish() const;

private:
    void get(std::uint32_t& value);
    void get(std::int32_t& value);
    void get(bool& value);
    void get(std::string& value);
    void get(RawText& value);
    void get(StringList& values);
    void get(EnvironmentList& values);
    template <class Enum>
        requires std::is_enum_v<Enum>
    void get(Enum& value) {
        std::uint32_t number = static_cast<std::uint32_t>(value);
        get(number);
        value = static_cast<Enum>(number);
    }

    /// The next `size` bytes, or none and failure.
    std::string_view take(std::size_t size);
    /// A count of elements that take at least `element_size` bytes each.
    std::uint32_t take_count(std::size_t element_size);
    void fail(const char* why);

    Version version_;
    std::string_view rest_;
    const char* failure_ = nullptr;
};

} // namespace ice::wire
