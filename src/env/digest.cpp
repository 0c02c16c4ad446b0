#include "env/digest.h"

#include "base/assert.h"

#include <array>
#include <openssl/evp.h>

namespace ice::env {

namespace {

struct FreeMd {
    void operator()(EVP_MD* md) const noexcept { EVP_MD_free(md); }
};

} // namespace

void Digest::Free::operator()(evp_md_ctx_st* context) const noexcept { EVP_MD_CTX_free(context); }

Digest::Digest(Kind kind) : kind_(kind), context_(EVP_MD_CTX_new()) {
    ASSERT(context_ != nullptr);
    start();
}

void Digest::start() {
    // "-fips": where the system allows only FIPS algorithms, MD5 as a mere name must still work.
    const std::unique_ptr<EVP_MD, FreeMd> md(
        EVP_MD_fetch(nullptr, kind_ == Kind::sha256 ? "SHA256" : "MD5", "-fips"));
    ASSERT(md != nullptr);
    ASSERT(EVP_DigestInit_ex(context_.get(), md.get(), nullptr) == 1);
}

void Digest::update(std::span<const std::uint8_t> bytes) {
    ASSERT(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1);
}

void Digest::update(std::string_view text) {
    update(std::span(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
}

std::string Digest::finish_hex() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> raw{};
    unsigned int size = 0;
    ASSERT(EVP_DigestFinal_ex(context_.get(), raw.data(), &size) == 1);
    start();
    constexpr std::string_view digits = "0123456789abcdef";
    std::string hex;
    for (const unsigned char byte : std::span(raw).first(size)) {
        hex += digits[byte >> 4];
        hex += digits[byte & 15];
    }
    return hex;
}

} // namespace ice::env
