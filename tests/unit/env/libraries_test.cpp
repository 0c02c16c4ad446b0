#include "env/libraries.h"

#include "elf_builder.h"
#include "temporary_directory.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <map>

using namespace ice;
using namespace ice::env;
using test::build_elf;
using test::ElfSpec;

namespace {

const std::string loader = "/lib64/ld-linux-x86-64.so.2";

/// A host in a directory, with a loader and libc where Debian has them.
struct Root : test::TemporaryDirectory {
    Root() {
        library(loader, {});
        library("/lib/x86_64-linux-gnu/libc.so.6", {.needed = {"ld-linux-x86-64.so.2"}});
        add("etc/ld.so.conf", "# comment\ninclude ld.so.conf.d/*.conf\n");
        add("etc/ld.so.conf.d/b.conf", "/lib/x86_64-linux-gnu\n/usr/lib/x86_64-linux-gnu\n");
    }
    void library(const std::string& path, const ElfSpec& spec) { add(path, build_elf(spec)); }

    /// Inside name -> source, without the sysroot; the error's text under "".
    std::map<std::string, std::string> resolve(const std::string& program) {
        LibraryResolver resolver(path());
        const auto libraries = resolver.resolve(program);
        if (!libraries)
            return {{"", libraries.error().text}};
        std::map<std::string, std::string> found;
        for (const Library& library : *libraries)
            found.emplace(library.inside, library.source);
        return found;
    }
};

using Expected = std::map<std::string, std::string>;

const std::pair<const std::string, std::string> the_loader{"lib64/ld-linux-x86-64.so.2", loader};
const std::pair<const std::string, std::string> the_libc{"lib/x86_64-linux-gnu/libc.so.6",
                                                         "/lib/x86_64-linux-gnu/libc.so.6"};

} // namespace

BOOST_FIXTURE_TEST_SUITE(libraries, Root)

BOOST_AUTO_TEST_CASE(finds_indirect_ones_by_ld_so_conf_and_puts_them_beside_libc) {
    library("/usr/lib/x86_64-linux-gnu/liba.so.1", {.needed = {"libb.so.1", "libc.so.6"}});
    library("/usr/lib/libb.so.1", {.needed = {"liba.so.1"}});
    library("/bin/p", {.interpreter = loader, .needed = {"liba.so.1", "libc.so.6"}});
    BOOST_TEST((resolve("/bin/p") ==
                Expected{the_loader,
                         the_libc,
                         {"lib/x86_64-linux-gnu/liba.so.1", "/usr/lib/x86_64-linux-gnu/liba.so.1"},
                         {"lib/x86_64-linux-gnu/libb.so.1", "/usr/lib/libb.so.1"}}));
}

BOOST_AUTO_TEST_CASE(passes_over_libraries_of_other_machines) {
    library("/lib/x86_64-linux-gnu/liba.so.1", {.is_64_bit = false, .machine = 3});
    add("usr/lib/x86_64-linux-gnu/liba.so.1", "/* GNU ld script */");
    library("/usr/lib64/liba.so.1", {});
    library("/bin/p", {.interpreter = loader, .needed = {"liba.so.1", "libc.so.6"}});
    BOOST_TEST(resolve("/bin/p").at("lib/x86_64-linux-gnu/liba.so.1") == "/usr/lib64/liba.so.1");
}

BOOST_AUTO_TEST_CASE(takes_the_baseline_variant) {
    library("/usr/lib/x86_64-linux-gnu/glibc-hwcaps/x86-64-v3/liba.so.1", {});
    library("/usr/lib/x86_64-linux-gnu/liba.so.1", {});
    library("/bin/p", {.interpreter = loader, .needed = {"liba.so.1", "libc.so.6"}});
    BOOST_TEST(resolve("/bin/p").at("lib/x86_64-linux-gnu/liba.so.1") ==
               "/usr/lib/x86_64-linux-gnu/liba.so.1");
}

BOOST_AUTO_TEST_CASE(takes_the_least_demanding_variant_where_there_is_no_baseline) {
    const std::string variants = "/usr/lib/x86_64-linux-gnu/glibc-hwcaps/";
    library(variants + "x86-64-v3/liba.so.1", {});
    library(variants + "x86-64-v2/liba.so.1", {});
    library("/opt/x/lib/glibc-hwcaps/x86-64-v3/libb.so.1", {});
    library("/bin/p", {.interpreter = loader,
                       .needed = {"liba.so.1", "libb.so.1", "libc.so.6"},
                       .runpath = "/opt/x/lib"});
    const auto found = resolve("/bin/p");
    BOOST_TEST(found.at("lib/x86_64-linux-gnu/liba.so.1") == variants + "x86-64-v2/liba.so.1");
    BOOST_TEST(found.at("opt/x/lib/libb.so.1") == "/opt/x/lib/glibc-hwcaps/x86-64-v3/libb.so.1");
}

// NixOS and Guix: no /lib at all, everything by absolute RUNPATH, and each library by its own.
BOOST_AUTO_TEST_CASE(keeps_a_store_of_packages_as_it_is) {
    const std::string glibc = "/nix/store/0a-glibc-2.38/lib", gmp = "/nix/store/1b-gmp-6.3/lib";
    library(glibc + "/ld-linux-x86-64.so.2", {});
    library(glibc + "/libc.so.6", {.needed = {"ld-linux-x86-64.so.2"}});
    library(gmp + "/libgmp.so.10", {.needed = {"libc.so.6"}, .runpath = glibc});
    library("/nix/store/2c-gcc-13/libexec/cc1", {.interpreter = glibc + "/ld-linux-x86-64.so.2",
                                                 .needed = {"libgmp.so.10", "libc.so.6"},
                                                 .runpath = gmp + ":" + glibc});
    Expected expected;
    for (const std::string& path :
         {glibc + "/ld-linux-x86-64.so.2", glibc + "/libc.so.6", gmp + "/libgmp.so.10"})
        expected.emplace(path.substr(1), path);
    BOOST_TEST((resolve("/nix/store/2c-gcc-13/libexec/cc1") == expected));
}

BOOST_AUTO_TEST_CASE(keeps_the_place_an_absolute_rpath_names) {
    library("/opt/x/lib/liba.so.1", {});
    library("/opt/x/bin/p",
            {.interpreter = loader, .needed = {"liba.so.1", "libc.so.6"}, .rpath = "/opt/x/lib"});
    BOOST_TEST(resolve("/opt/x/bin/p").at("opt/x/lib/liba.so.1") == "/opt/x/lib/liba.so.1");
}

BOOST_AUTO_TEST_CASE(moves_what_is_found_relative_to_the_program) {
    library("/opt/x/lib/liba.so.1", {});
    library(
        "/opt/x/bin/p",
        {.interpreter = loader, .needed = {"liba.so.1", "libc.so.6"}, .runpath = "$ORIGIN/../lib"});
    BOOST_TEST(resolve("/opt/x/bin/p").at("lib/x86_64-linux-gnu/liba.so.1") ==
               "/opt/x/bin/../lib/liba.so.1");
}

BOOST_AUTO_TEST_CASE(inherits_rpath_but_not_runpath) {
    library("/opt/x/lib/liba.so.1", {.needed = {"libb.so.1"}});
    library("/opt/x/lib/libb.so.1", {});
    library("/bin/rpath",
            {.interpreter = loader, .needed = {"liba.so.1", "libc.so.6"}, .rpath = "/opt/x/lib"});
    library("/bin/runpath",
            {.interpreter = loader, .needed = {"liba.so.1", "libc.so.6"}, .runpath = "/opt/x/lib"});
    BOOST_TEST(resolve("/bin/rpath").count("opt/x/lib/libb.so.1") == 1U);
    BOOST_TEST(resolve("/bin/runpath").at("").find("libb.so.1, needed by /opt/x/lib/liba.so.1") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(static_programs_and_scripts_need_nothing) {
    library("/bin/static", {});
    add("bin/script", "#!/bin/sh\n");
    BOOST_TEST(resolve("/bin/static").empty());
    BOOST_TEST(resolve("/bin/script").empty());
}

BOOST_AUTO_TEST_CASE(follows_musls_path_file) {
    const std::string musl = "/lib/ld-musl-x86_64.so.1";
    library(musl, {});
    library("/usr/special/liba.so.1", {});
    add("etc/ld-musl-x86_64.path", "/lib\n/usr/special\n");
    library("/bin/p", {.interpreter = musl, .needed = {"liba.so.1"}});
    BOOST_TEST((resolve("/bin/p") == Expected{{"lib/ld-musl-x86_64.so.1", musl},
                                              {"lib/liba.so.1", "/usr/special/liba.so.1"}}));
}

BOOST_AUTO_TEST_CASE(musls_loader_is_its_libc) {
    const std::string musl = "/lib/ld-musl-x86_64.so.1";
    library(musl, {});
    library("/usr/lib/liba.so.1", {.needed = {"libc.so"}});
    library("/bin/alpine", {.interpreter = musl, .needed = {"libc.musl-x86_64.so.1"}});
    library("/bin/void", {.interpreter = musl, .needed = {"liba.so.1", "libpthread.so.0"}});
    BOOST_TEST((resolve("/bin/alpine") == Expected{{"lib/ld-musl-x86_64.so.1", musl}}));
    BOOST_TEST((resolve("/bin/void") == Expected{{"lib/ld-musl-x86_64.so.1", musl},
                                                 {"lib/liba.so.1", "/usr/lib/liba.so.1"}}));
}

BOOST_AUTO_TEST_CASE(a_plugin_is_loaded_as_the_program_before_it) {
    const std::string musl = "/lib/ld-musl-x86_64.so.1";
    library(musl, {});
    library("/usr/special/libb.so.1", {});
    add("etc/ld-musl-x86_64.path", "/lib:/usr/special");
    library("/bin/p", {.interpreter = musl, .needed = {"libc.so"}});
    library("/opt/plugin.so", {.needed = {"libb.so.1", "libc.so"}});
    LibraryResolver resolver(path());
    BOOST_TEST(!resolver.resolve("/opt/plugin.so").has_value());
    BOOST_REQUIRE(resolver.resolve("/bin/p").has_value());
    const auto libraries = resolver.resolve("/opt/plugin.so");
    BOOST_REQUIRE(libraries.has_value());
    BOOST_TEST((libraries->back() == Library{"lib/libb.so.1", "/usr/special/libb.so.1"}));
}

BOOST_AUTO_TEST_SUITE_END()
