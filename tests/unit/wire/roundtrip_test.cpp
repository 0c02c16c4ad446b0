// Every message at every version: what was written is read again, and nothing shorter or longer is.
#include "samples.h"
#include "wire/frame.h"

#include <boost/test/unit_test.hpp>

using namespace ice;
using namespace ice::wire;

namespace {

template <class M>
Result<M> decode_payload(std::string_view payload, Version version) {
    auto decoded = decode<std::variant<M>>({M::type, payload}, version);
    if (!decoded)
        return decoded.error();
    return std::get<M>(std::move(*decoded));
}

/// A message at a version, whatever its type.
struct Case {
    std::uint32_t type = 0;
    Version version;
    std::string frame;
    Result<std::string> (*reencode)(std::string_view payload, Version) = nullptr; ///< what it reads
};

/// All pairs that exist.
std::vector<Case> all_cases() {
    std::vector<Case> cases;
    for (const Version version : all_versions()) {
        for_each_sample([&]<class M>(const M& message) {
            if (version.revision < M::since_revision)
                return;
            const auto reencode = [](std::string_view payload, Version at) -> Result<std::string> {
                const auto decoded = decode<std::variant<M>>({M::type, payload}, at);
                if (!decoded)
                    return decoded.error();
                return encode(std::get<M>(*decoded), at).value(); // only reading may fail
            };
            cases.push_back({M::type, version, encode(message, version).value(), reencode});
        });
    }
    return cases;
}

constexpr std::size_t header = length_size + type_size;

} // namespace

BOOST_AUTO_TEST_SUITE(roundtrip)

BOOST_AUTO_TEST_CASE(reads_what_it_wrote) {
    for (const auto& [type, version, frame, reencode] : all_cases()) {
        BOOST_TEST_CONTEXT("type " << type << " at " << version.base << "." << version.revision) {
            FrameReader reader;
            reader.append(frame);
            const auto received = reader.next().value();
            BOOST_REQUIRE(received.has_value());
            BOOST_TEST(received->type == type);
            const auto again = reencode(received->payload, version);
            BOOST_REQUIRE(again.has_value());
            BOOST_TEST(*again == frame);
            BOOST_TEST(reader.unread().empty());
        }
    }
}

BOOST_AUTO_TEST_CASE(refuses_every_truncation) {
    for (const auto& [type, version, frame, reencode] : all_cases()) {
        BOOST_TEST_CONTEXT("type " << type << " at " << version.base << "." << version.revision)
        for (std::size_t size = header; size < frame.size(); ++size) {
            const auto cut = std::string_view(frame).substr(header, size - header);
            BOOST_TEST(!reencode(cut, version).has_value(), "cut to " << size);
        }
    }
}

BOOST_AUTO_TEST_CASE(refuses_surplus_bytes) {
    for (const auto& [type, version, frame, reencode] : all_cases()) {
        BOOST_TEST_CONTEXT("type " << type << " at " << version.base << "." << version.revision) {
            const std::string longer = frame + '\0';
            const auto again = reencode(std::string_view(longer).substr(header), version);
            BOOST_REQUIRE(!again.has_value());
            BOOST_TEST((again.error().code == Errc::invalid));
        }
    }
}

BOOST_AUTO_TEST_CASE(fields_survive_where_the_version_has_them) {
    const GetCs request{.preferred_host = "nodeB", .minimal_host_version = 42, .niceness = 7};
    const auto through = [&](std::uint32_t base) {
        const std::string frame = encode(request, {base, 0}).value();
        return decode_payload<GetCs>(std::string_view(frame).substr(header), {base, 0}).value();
    };
    BOOST_TEST(through(43).niceness == 7U);
    BOOST_TEST(through(42).niceness == 0U);
    BOOST_TEST(through(34).minimal_host_version == 42U);
    BOOST_TEST(through(33).minimal_host_version == 31U); // all that the flag of 31 can say
    BOOST_TEST(through(30).minimal_host_version == 0U);
    BOOST_TEST(through(22).preferred_host == "nodeB");
    BOOST_TEST(through(21).preferred_host == "");
}

BOOST_AUTO_TEST_CASE(keeps_our_extensions_from_upstream_peers) {
    const std::string frame = encode(OpenStream{.job_id = 1}, our_version).value();
    const auto payload = std::string_view(frame).substr(header);
    BOOST_TEST(decode_payload<OpenStream>(payload, our_version).has_value());
    BOOST_TEST(!decode_payload<OpenStream>(payload, plain_version).has_value());
    BOOST_TEST(encode(NativeEnv{.path = "/x", .digest = "d"}, plain_version).value() ==
               encode(NativeEnv{.path = "/x"}, plain_version).value());
}

BOOST_AUTO_TEST_CASE(refuses_a_type_the_link_does_not_carry) {
    BOOST_TEST(!decode<FromScheduler>({StatusText::type, {}}, our_version).has_value());
    BOOST_TEST(!decode<FromClient>({65, {}}, our_version).has_value());
    BOOST_TEST(!decode<FromClient>({68, {}}, our_version).has_value());
    BOOST_TEST(!decode<FromClient>({0xffffffff, {}}, our_version).has_value());
    BOOST_TEST(decode<FromScheduler>({Ping::type, {}}, our_version).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
