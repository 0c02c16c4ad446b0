#include "config/option.h"

#include "base/str.h"

#include <charconv>

namespace ice::config {

template <class Number>
Result<Number> parse_number(const std::string& text) {
    Number number = 0;
    const char* const end = text.data() + text.size();
    const auto [stopped, failure] = std::from_chars(text.data(), end, number);
    if (text.empty() || failure != std::errc() || stopped != end)
        return Error{Errc::invalid, str('"', text, "\" is not a number that makes sense here")};
    return number;
}

template Result<int> parse_number(const std::string&);
template Result<unsigned> parse_number(const std::string&);
template Result<std::uint16_t> parse_number(const std::string&);

Result<std::uint16_t> parse_port(const std::string& text) {
    auto port = parse_number<std::uint16_t>(text);
    if (port && *port == 0)
        return Error{Errc::invalid, "port 0"};
    return port;
}

std::function<Result<void>(const Use&)> text_into(std::string& target) {
    return [&target](const Use& use) -> Result<void> {
        target = use.value;
        return {};
    };
}

std::function<Result<void>(const Use&)> flag_into(bool& target) {
    return [&target](const Use&) -> Result<void> {
        target = true;
        return {};
    };
}

std::function<Result<void>(const Use&)> port_into(std::uint16_t& target) {
    return [&target](const Use& use) -> Result<void> {
        const auto port = parse_port(use.value);
        if (!port)
            return Error{Errc::invalid, "Invalid port specified"};
        target = *port;
        return {};
    };
}

} // namespace ice::config
