// Bytes as the hex digits of a capture, blanks allowed anywhere.
#pragma once

#include <string>
#include <string_view>

namespace ice::wire {

inline std::string from_hex(std::string_view hex) {
    std::string bytes, digits;
    for (const char digit : hex) {
        if (digit != ' ')
            digits += digit;
        if (digits.size() == 2) {
            bytes += static_cast<char>(std::stoi(digits, nullptr, 16));
            digits.clear();
        }
    }
    return bytes;
}

inline std::string to_hex(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string hex;
    for (const char byte : bytes) {
        hex += digits[static_cast<unsigned char>(byte) >> 4];
        hex += digits[static_cast<unsigned char>(byte) & 15];
    }
    return hex;
}

} // namespace ice::wire
