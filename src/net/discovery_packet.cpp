#include "net/discovery_packet.h"

#include "base/str.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <tuple>

namespace ice::net {

namespace {

/// Versions a scheduler answers (12.2: the request is a signed byte), and an asker believes.
constexpr std::uint32_t lowest_asker = 21, highest_asker = 127, highest_scheduler = 127;

constexpr std::size_t tiny_size = 16, small_size = 32, full_size = 268;
constexpr std::size_t tiny_name_at = 1, name_at = 13, announced_name_at = 12;
/// The last byte of an announcement: padding of the name, unless that is as long as can be.
constexpr std::size_t real_version_at = full_size - 1;
constexpr std::size_t longest_name_before_it = real_version_at - announced_name_at - 1;
constexpr std::string_view old_announcement = "ICE", new_announcement = "ICF";

/// Byte 0 of an answer is the asker's version plus this, which tells the layouts apart.
constexpr std::uint32_t tiny_mark = 1, host_order_mark = 2, network_order_mark = 3;

enum class Order { host, network };

template <class Number>
std::string bytes_of(Number number, Order order) {
    std::string bytes(sizeof number, '\0');
    std::memcpy(bytes.data(), &number, sizeof number);
    if (order == Order::network && std::endian::native == std::endian::little)
        std::ranges::reverse(bytes);
    return bytes;
}

template <class Number>
Number number_at(std::string_view datagram, std::size_t at, Order order) {
    std::string bytes(datagram.substr(at, sizeof(Number)));
    if (order == Order::network && std::endian::native == std::endian::little)
        std::ranges::reverse(bytes);
    Number number = 0;
    std::memcpy(&number, bytes.data(), sizeof number);
    return number;
}

/// Appends the name, cut so that at least one NUL follows it, and fills up with NULs to `size`.
std::string padded(std::string packet, std::string_view name, std::size_t size) {
    packet += name.substr(0, size - packet.size() - 1);
    packet.resize(size, '\0');
    return packet;
}

std::string name_from(std::string_view datagram, std::size_t at) {
    const std::string_view rest = datagram.substr(at);
    return std::string(rest.substr(0, rest.find('\0')));
}

char marked(std::uint32_t version, std::uint32_t mark) {
    return static_cast<char>((version + mark) & 0xff);
}

Result<SchedulerInfo> believable(SchedulerInfo info) {
    if (info.version < 1 || info.version > highest_scheduler)
        return Error{Errc::unsupported, str("Ignoring bogus version ", info.version)};
    return info;
}

} // namespace

std::string encode_request(std::uint32_t version) { return {static_cast<char>(version)}; }

std::optional<std::uint32_t> decode_request(std::string_view datagram) {
    if (datagram.size() != 1)
        return std::nullopt;
    const auto version = static_cast<unsigned char>(datagram.front());
    if (version < lowest_asker || version > highest_asker)
        return std::nullopt;
    return version;
}

std::string encode_answer(std::uint32_t asker_version, const SchedulerInfo& self) {
    if (asker_version < 33)
        return padded({marked(asker_version, tiny_mark)}, self.netname, tiny_size);
    const Order order = asker_version < 38 ? Order::host : Order::network;
    const std::uint32_t mark = order == Order::host ? host_order_mark : network_order_mark;
    std::string packet{marked(asker_version, mark)};
    packet += bytes_of(self.version, order);
    packet += bytes_of(self.start_time, order);
    return padded(std::move(packet), self.netname, asker_version < 36 ? small_size : full_size);
}

Result<SchedulerInfo> decode_answer(std::uint32_t asker_version, std::string_view datagram) {
    const auto is = [&](std::size_t size, std::uint32_t mark) {
        return datagram.size() == size && datagram.front() == marked(asker_version, mark);
    };
    // A scheduler of the 16 byte layout does not say its version; upstream takes it for 32.
    if (is(tiny_size, tiny_mark))
        return SchedulerInfo{32, 0, name_from(datagram, tiny_name_at)};
    const bool host_order = is(small_size, host_order_mark) || is(full_size, host_order_mark);
    if (!host_order && !is(full_size, network_order_mark))
        return Error{Errc::invalid, str("a datagram of ", datagram.size(),
                                        " bytes that is no answer of a scheduler")};
    const Order order = host_order ? Order::host : Order::network;
    return believable({.version = number_at<std::uint32_t>(datagram, 1, order),
                       .start_time = number_at<std::uint64_t>(datagram, 5, order),
                       .netname = name_from(datagram, name_at)});
}

std::vector<std::string> encode_announcements(const SchedulerInfo& self) {
    const char version = static_cast<char>(self.version);
    // The old layout loses the last character of the name (protocol.md 12.4), upstream as we do.
    std::string name = self.netname.substr(0, 255);
    std::string old(old_announcement);
    old += version;
    old += bytes_of(self.start_time, Order::host);
    old += static_cast<char>(name.size());
    if (!name.empty())
        name.back() = '\0';
    old += name;

    std::string current(new_announcement);
    current += version;
    current += bytes_of(self.start_time, Order::network);
    current = padded(std::move(current), self.netname, full_size);
    if (self.netname.size() <= longest_name_before_it)
        current[real_version_at] = static_cast<char>(self.real_version);
    return {old, current};
}

Result<SchedulerInfo> decode_announcement(std::string_view datagram) {
    if (datagram.size() != full_size || !datagram.starts_with(new_announcement))
        return Error{Errc::invalid, "no announcement of a scheduler"};
    SchedulerInfo info = {.version = static_cast<unsigned char>(datagram[3]),
                          .start_time = number_at<std::uint64_t>(datagram, 4, Order::network),
                          .netname = name_from(datagram, announced_name_at)};
    if (info.netname.size() <= longest_name_before_it)
        info.real_version = static_cast<unsigned char>(datagram[real_version_at]);
    return believable(std::move(info));
}

bool is_preferred(const SchedulerInfo& rival, const SchedulerInfo& self) {
    return rival.version != self.version ? rival.version > self.version
                                         : rival.start_time < self.start_time;
}

bool same_netname(std::string_view one, std::string_view other) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return std::ranges::equal(one, other, {}, lower, lower);
}

} // namespace ice::net
