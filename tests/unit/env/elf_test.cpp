#include "env/elf.h"

#include "elf_builder.h"
#include "env/mapped_file.h"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace ice;
using namespace ice::env;
using test::build_elf;
using test::ElfSpec;

BOOST_AUTO_TEST_SUITE(elf)

BOOST_DATA_TEST_CASE(reads_both_classes_and_byte_orders,
                     boost::unit_test::data::make({true, false}) *
                         boost::unit_test::data::make({true, false}),
                     is_64_bit, is_little_endian) {
    const auto bytes = build_elf({.is_64_bit = is_64_bit,
                                  .is_little_endian = is_little_endian,
                                  .machine = 21,
                                  .interpreter = "/lib/ld64.so.1",
                                  .needed = {"libm.so.6", "libc.so.6"},
                                  .rpath = "/opt/x/lib:$ORIGIN/../lib",
                                  .runpath = "/opt/y::"});
    const auto file = parse_elf(bytes);
    BOOST_REQUIRE(file.has_value());
    BOOST_TEST((file->machine == ElfMachine{is_64_bit, is_little_endian, 21}));
    BOOST_TEST(file->interpreter == "/lib/ld64.so.1");
    BOOST_TEST(file->needed == (std::vector<std::string>{"libm.so.6", "libc.so.6"}),
               boost::test_tools::per_element());
    BOOST_TEST(file->rpath == (std::vector<std::string>{"/opt/x/lib", "$ORIGIN/../lib"}),
               boost::test_tools::per_element());
    BOOST_TEST(file->runpath == std::vector<std::string>{"/opt/y"},
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(survives_every_truncation) {
    const auto bytes = build_elf({.interpreter = "/lib/ld.so", .needed = {"libc.so.6"}});
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        const auto file = parse_elf(std::span(bytes).first(size));
        // Behind DT_STRTAB only the end mark is missing, which does no harm.
        BOOST_TEST((!file || size >= bytes.size() - 16), "accepted " << size << " bytes");
    }
}

BOOST_AUTO_TEST_CASE(survives_every_damaged_byte) {
    const auto good = build_elf({.interpreter = "/lib/ld.so", .needed = {"libc.so.6"}});
    for (std::size_t at = 0; at < good.size(); ++at) {
        auto bytes = good;
        bytes[at] = 0xff;
        static_cast<void>(parse_elf(bytes)); // whatever it says, it stays inside the file
    }
}

BOOST_AUTO_TEST_CASE(knows_what_is_no_elf) {
    const std::string script = "#!/bin/sh\n";
    const std::vector<std::uint8_t> bytes(script.begin(), script.end());
    BOOST_TEST(!is_elf(bytes));
    BOOST_TEST(!parse_elf(bytes));
    BOOST_TEST(!is_elf({}));
}

BOOST_AUTO_TEST_CASE(reads_this_very_program) {
    const auto self = MappedFile::open("/proc/self/exe");
    BOOST_REQUIRE(self.has_value());
    const auto file = parse_elf(self->bytes());
    BOOST_REQUIRE(file.has_value());
    BOOST_TEST(!file->interpreter.empty());
    BOOST_TEST(std::ranges::any_of(file->needed, [](const std::string& name) {
        return name.starts_with("libboost_unit_test_framework");
    }));
}

BOOST_AUTO_TEST_SUITE_END()
