#include "iceccd/compile_text.h"

#include <boost/test/unit_test.hpp>

using namespace ice;

BOOST_AUTO_TEST_SUITE(compile_text)

BOOST_AUTO_TEST_CASE(tells_a_failing_host_from_a_failing_source) {
    BOOST_TEST(iceccd::blames_host("cc1plus: out of memory allocating 4096 bytes"));
    BOOST_TEST(iceccd::blames_host("/usr/bin/as: /x.o: No space left on device"));
    BOOST_TEST(iceccd::blames_host("x.c:1: internal compiler error: Illegal instruction"));
    BOOST_TEST(iceccd::blames_host("gcc: fatal error: cannot execute 'cc1': execvp: No such file"));
    BOOST_TEST(iceccd::blames_host("/usr/lib/cc1: error while loading shared libraries: libz.so.1: "
                                   "cannot open shared object file: No such file or directory"));
    BOOST_TEST(!iceccd::blames_host("x.c:1:1: error: expected ';'"));
    BOOST_TEST(!iceccd::blames_host(""));
}

BOOST_AUTO_TEST_CASE(texts_that_fit_are_left_alone) {
    std::string err = "err", out = "out";
    iceccd::fit_texts(err, out, 6);
    BOOST_TEST(err + out == "errout");
}

BOOST_AUTO_TEST_CASE(texts_that_do_not_fit_are_cut_and_say_so) {
    std::string err(1000, 'e'), out(1000, 'o');
    iceccd::fit_texts(err, out, 1200);
    BOOST_TEST(err == std::string(1000, 'e'));
    BOOST_TEST(out.size() == 200);
    BOOST_TEST(out.ends_with("cut off]\n"));
    err.assign(5000, 'e');
    iceccd::fit_texts(err, out, 1200);
    BOOST_TEST(err.size() == 1200);
    BOOST_TEST(err.ends_with("cut off]\n"));
    BOOST_TEST(out.empty());
}

BOOST_AUTO_TEST_SUITE_END()
