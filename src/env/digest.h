// Digest: SHA-256 and MD5 over bytes that come in pieces.
//
// SHA-256 is identity between our own peers. MD5 only names archives the way icecream does
// (environments.md 6.6) and protects against nothing.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace ice::env {

class Digest {
public:
    enum class Kind { sha256, md5 };

    explicit Digest(Kind kind);

    void update(std::span<const std::uint8_t> bytes);
    void update(std::string_view text);

    /// The digest in lower-case hex; starts over, so that the object can be used again.
    [[nodiscard]] std::string finish_hex();

private:
    void start();

    struct Free {
        void operator()(evp_md_ctx_st* context) const noexcept;
    };
    Kind kind_;
    std::unique_ptr<evp_md_ctx_st, Free> context_;
};

} // namespace ice::env
