#include "scheduler/control.h"

#include "lab.h"

#include <boost/test/unit_test.hpp>

namespace ice::scheduler {

namespace {

struct Port : Lab {
    Control control{core, "1.2.3", now};

    std::string run(std::string_view line) {
        ControlReply reply = control.run(1, line, now);
        take(std::move(reply.effects));
        return reply.text;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(control_port, Port)

BOOST_AUTO_TEST_CASE(greets_with_the_state_of_things) {
    add({.name = "a"});
    wait(281s);
    BOOST_TEST(control.greeting(now) ==
               "200-ICECC 1.2.3: 281s uptime, 1 hosts, 0 jobs in queue (0 total).\n"
               "200 Use 'help' for help and 'quit' to quit.\n");
}

BOOST_AUTO_TEST_CASE(answers_as_upstream_was_seen_to) {
    // The transcript of scheduler.md 16.
    const PeerId a =
        add({.name = "nodeA", .slots = 4, .address = "127.0.0.1", .no_remote = true, .load = 50});
    const PeerId b = add({.name = "nodeB", .slots = 2, .address = "127.0.0.2", .load = 123});
    wire::GetCs own = request();
    own.preferred_host = "nodeA";
    submit(a, own);
    wire::GetCs other = request();
    other.filename = "b.cpp";
    submit(a, other);
    BOOST_TEST(run("listcs") == " nodeA (127.0.0.1:0) [x86_64] speed=0.00 jobs=1/4 load=50\n"
                                "   1 WAIT sub:nodeA on:nodeA /home/u/src/a.cpp\n"
                                " nodeB (127.0.0.2:10245) [x86_64] speed=0.00 jobs=1/2 load=123\n"
                                "   2 WAIT sub:nodeA on:nodeB b.cpp\n"
                                "200 done\n");
    begin(b, 2);
    BOOST_TEST(run("ListJobs") == " 1 WAIT sub:nodeA on:nodeA /home/u/src/a.cpp\n"
                                  " 2 COMP sub:nodeA on:nodeB b.cpp\n"
                                  "200 done\n");
    BOOST_TEST(run("blockcs nodeB 10.1.2.3") == "removing host nodeB\n200 done\n");
    BOOST_TEST(dropped(b));
    BOOST_TEST(run("listblocks") == "   nodeB\n   10.1.2.3\n200 done\n");
    BOOST_TEST(run("unblockcs nodeB nosuch") == "200 done\n");
    BOOST_TEST(run("listblocks") == "   10.1.2.3\n200 done\n");
    BOOST_TEST(run("removecs 127.0.0.1") == "removing host nodeA\n200 done\n");
    BOOST_TEST(run("removecs") == "401 Sure. But which hosts?\n200 done\n");
    BOOST_TEST(run("unblockcs") == "401 Sure. But which host?\n200 done\n");
    BOOST_TEST(run("foo bar") == "Invalid command 'foo bar'\n200 done\n");
    BOOST_TEST(run("") == "Invalid command ''\n200 done\n");
    const ControlReply bye = control.run(1, "quit", now);
    BOOST_TEST(bye.text == "200 Good Bye!\n");
    BOOST_TEST(bye.close);
}

BOOST_AUTO_TEST_CASE(lists_its_commands) {
    BOOST_TEST(run("  help ") == "listcs\nlistblocks\nlistjobs\nremovecs\nblockcs\nunblockcs\n"
                                 "internals\nhelp\nquit\n200 done\n");
}

BOOST_AUTO_TEST_CASE(shows_waiting_jobs_and_installations) {
    const PeerId submitter = add({.name = "sub", .slots = 0, .no_remote = true});
    add({.name = "s1", .slots = 4, .address = "10.1.1.1", .installed = false});
    submit(submitter);
    submit(submitter);
    wait(3s);
    const std::string hosts = run("listcs");
    BOOST_TEST(hosts.find("jobs=1/4 load=0 busy installing since 3 s\n") != std::string::npos);
    BOOST_TEST(run("listjobs").find(" 2 PEND sub:sub on:<unknown> ") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(collects_internals_of_all_at_once) {
    const PeerId a = add({.name = "a"});
    const PeerId b = add({.name = "b"});
    const PeerId c = add({.name = "c"});
    BOOST_TEST(control.run(7, "internals", now).unfinished);
    send(b, wire::StatusText{"b is well\n  really\n"});
    take(core.on_closed(c, {Errc::closed, "gone"}, now));
    BOOST_TEST(all<InternalsReady>().empty());
    wait(internals_limit);
    const auto ready = all<InternalsReady>();
    BOOST_TEST_REQUIRE(ready.size() == 1U);
    BOOST_TEST(ready[0].session == 7U);
    BOOST_TEST(ready[0].text == "a not reporting\nb is well\n  really\nc not reporting\n");
    send(a, wire::StatusText{"late"});
    BOOST_TEST(is_here(a));
    send(a, wire::StatusText{"unasked"});
    BOOST_TEST(!is_here(a));
}

BOOST_AUTO_TEST_CASE(internals_of_named_hosts_or_of_none) {
    add({.name = "a"});
    const PeerId b = add({.name = "b"});
    take(control.run(8, "internals b", now).effects);
    BOOST_TEST(sent<wire::GetInternals>(b).size() == 1U);
    send(b, wire::StatusText{"fine"});
    BOOST_TEST_REQUIRE(all<InternalsReady>().size() == 1U);
    BOOST_TEST(all<InternalsReady>()[0].text == "fine\n");
    take(control.run(9, "internals nobody", now).effects);
    BOOST_TEST_REQUIRE(all<InternalsReady>().size() == 2U);
    BOOST_TEST(all<InternalsReady>()[1].text == "");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace ice::scheduler
