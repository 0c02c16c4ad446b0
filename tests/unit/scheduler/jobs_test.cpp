#include "scheduler/jobs.h"

#include "lab.h"

#include <boost/test/unit_test.hpp>

namespace ice::scheduler {

namespace {

struct Pair : Lab {
    PeerId submitter = add_submitter("X");
    PeerId server = add({.name = "s", .slots = 1});

    static wire::JobDone report(JobId job, std::uint32_t flags, std::int32_t exitcode = 0) {
        wire::JobDone message;
        message.job_id = job;
        message.exitcode = exitcode;
        message.flags = flags;
        return message;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(jobs, Pair)

BOOST_AUTO_TEST_CASE(numbers_begin_where_the_settings_say) {
    const Cluster cluster({.first_job = 5001});
    BOOST_TEST(cluster.last_job_id == 5000U);
    BOOST_TEST(cluster.job_count() == 0U);
    BOOST_TEST(draw_first_job(0) == 1U); // 0 is no job
    BOOST_TEST(draw_first_job(7) == 7001U);
    BOOST_TEST(draw_first_job(first_job_choices + 7ULL) == 7001U);
}

BOOST_AUTO_TEST_CASE(a_job_lives_from_request_to_done) {
    const JobId id = submit(submitter, request(17));
    const auto answers = sent<wire::UseCs>(submitter);
    BOOST_TEST_REQUIRE(answers.size() == 1U);
    BOOST_TEST(answers[0].job_id == id);
    BOOST_TEST(answers[0].client_id == 17U);
    BOOST_TEST(answers[0].hostname == node(server).info.address);
    BOOST_TEST(answers[0].port == 10245U);
    BOOST_TEST(answers[0].host_platform == "x86_64");
    BOOST_TEST(answers[0].got_env);
    BOOST_TEST((job(id)->state == JobState::assigned));
    begin(server, id);
    BOOST_TEST((job(id)->state == JobState::compiling));
    done(server, id, 100'000, 100);
    BOOST_TEST(place(id) == "gone");
    BOOST_TEST(node(server).record.count() == 1U);
    BOOST_TEST(node(server).assigned.empty());
    BOOST_TEST(node(submitter).submitted.empty());
    BOOST_TEST(sent<wire::UseCs>(submitter).size() == 1U);
}

BOOST_AUTO_TEST_CASE(small_or_failed_jobs_are_no_samples) {
    done(server, submit(submitter), 4095, 10);
    BOOST_TEST(node(server).record.count() == 0U);
    wire::JobDone failed = report(submit(submitter), 0, 1);
    failed.out_uncompressed = 100'000;
    send(server, failed);
    BOOST_TEST(node(server).record.count() == 0U);
    done(server, submit(submitter), 4096, 10);
    BOOST_TEST(node(server).record.count() == 1U);
}

BOOST_AUTO_TEST_CASE(absurd_numbers_are_no_samples) {
    for (int i = 0; i < 7; ++i)
        done(server, submit(submitter), 0xffffffff, 1);
    const double speed = node(server).record.speed();
    done(server, submit(submitter), 0xffffffff, 0xffffffff);
    done(server, submit(submitter), 0xffffffff, max_sample_cpu_ms + 1);
    BOOST_TEST(node(server).record.speed() == speed);
}

BOOST_AUTO_TEST_CASE(a_later_request_is_told_of_a_shared_job) {
    const JobId id = submit(submitter);
    done(server, id, 100'000, 100);
    submit(submitter);
    BOOST_TEST(sent<wire::UseCs>(submitter)[1].matched_job_id == id);
}

BOOST_AUTO_TEST_CASE(a_report_from_the_wrong_server_is_ignored) {
    const PeerId other = add({.name = "other", .load = full_load});
    const JobId id = submit(submitter);
    send(other, report(id, 0)); // Its client claims to have that number.
    BOOST_TEST(!dropped(other));
    BOOST_TEST(noted("the server isn't the same for job") == 1);
    BOOST_TEST(place(id) == "s");
}

BOOST_AUTO_TEST_CASE(a_report_from_the_wrong_submitter_drops_its_sender) {
    const PeerId other = add_submitter("other");
    const JobId id = submit(submitter);
    send(other, report(id, 1));
    BOOST_TEST(dropped(other));
    BOOST_TEST(place(id) == "s");
}

BOOST_AUTO_TEST_CASE(a_server_cannot_end_a_job_that_still_waits) {
    submit(submitter);
    submit(submitter);
    const JobId waiting = submit(submitter);
    BOOST_TEST(place(waiting) == "");
    send(server, report(waiting, 0)); // Upstream crashes here.
    BOOST_TEST(!dropped(server));
    BOOST_TEST(place(waiting) == "");
}

BOOST_AUTO_TEST_CASE(both_sides_may_report_the_same_job) {
    const JobId id = submit(submitter);
    send(submitter, report(id, 1, 118));
    send(server, report(id, 0));
    BOOST_TEST(!dropped(server));
    BOOST_TEST(!dropped(submitter));
    BOOST_TEST(place(id) == "gone");
}

BOOST_AUTO_TEST_CASE(a_begin_from_somebody_else_is_ignored) {
    const PeerId other = add({.name = "other", .load = full_load});
    const JobId id = submit(submitter);
    begin(other, id);
    begin(other, 4711);
    BOOST_TEST(!dropped(other));
    BOOST_TEST((job(id)->state == JobState::assigned));
    BOOST_TEST(noted("that job isn't handled by") == 1);
}

BOOST_AUTO_TEST_CASE(a_client_that_leaves_takes_its_waiting_job_along) {
    submit(submitter);
    submit(submitter);
    const JobId waiting = submit(submitter, request(30));
    send(submitter, report(30, 3, 118));
    BOOST_TEST(place(waiting) == "gone");
    BOOST_TEST(core.cluster().queue.empty());
    send(submitter, report(30, 3, 118)); // The answer and the goodbye may cross.
    BOOST_TEST(!dropped(submitter));
}

BOOST_AUTO_TEST_CASE(below_39_exit_code_200_is_the_same_as_the_flag) {
    const PeerId old = add({.name = "old", .slots = 0, .no_remote = true, .protocol = 38});
    submit(submitter);
    submit(submitter);
    const JobId waiting = submit(old, request(30));
    BOOST_TEST(place(waiting) == "");
    send(old, report(30, 1, 200));
    BOOST_TEST(place(waiting) == "gone");
}

BOOST_AUTO_TEST_CASE(a_freed_slot_goes_to_a_waiting_job) {
    const JobId first = submit(submitter);
    submit(submitter);
    const JobId waiting = submit(submitter);
    BOOST_TEST(place(waiting) == "");
    done(server, first);
    BOOST_TEST(place(waiting) == "s");
}

BOOST_AUTO_TEST_CASE(jobs_of_a_lost_server_are_forgotten) {
    const PeerId monitor = add_monitor();
    static_cast<void>(monitor);
    const JobId id = submit(submitter);
    take(core.on_closed(server, {Errc::closed, "connection lost"}, now));
    BOOST_TEST(place(id) == "gone");
    BOOST_TEST(node(submitter).submitted.empty());
    const auto ends = told<wire::MonJobDone>();
    BOOST_TEST_REQUIRE(ends.size() == 1U);
    BOOST_TEST(ends[0].job_id == id);
    BOOST_TEST(ends[0].exitcode == 255);
}

BOOST_AUTO_TEST_CASE(jobs_of_a_lost_submitter_free_their_slots) {
    submit(submitter);
    submit(submitter);
    submit(submitter);
    take(core.on_closed(submitter, {Errc::closed, "connection lost"}, now));
    BOOST_TEST(core.cluster().jobs.size() == 0U);
    BOOST_TEST(core.cluster().queue.empty());
    BOOST_TEST(node(server).occupied() == 0U);
}

BOOST_AUTO_TEST_CASE(no_job_lives_for_ever) {
    const JobId never_begun = submit(submitter);
    const JobId never_done = submit(submitter);
    begin(server, never_done);
    const JobId waiting = submit(submitter);
    send(server, wire::Stats{.load = full_load});
    wait(pending_limit - 1ms);
    BOOST_TEST(place(never_begun) == "s");
    BOOST_TEST(place(waiting) == "");
    wait(1ms);
    BOOST_TEST(place(never_begun) == "gone");
    BOOST_TEST(place(waiting) == "X"); // Its submitter shall build it.
    wait(compile_limit);
    BOOST_TEST(place(never_done) == "gone");
    BOOST_TEST(place(waiting) == "gone");
    BOOST_TEST(noted("was never begun by") == 2);
    BOOST_TEST(noted("was never finished by") == 1);
}

BOOST_AUTO_TEST_CASE(a_submitter_with_too_many_jobs_is_dropped) {
    static_assert(max_jobs_per_submitter % max_answers == 0);
    wire::GetCs many = request();
    many.count = max_answers;
    for (std::size_t jobs = 0; jobs < max_jobs_per_submitter; jobs += max_answers)
        static_cast<void>(core.on_message(submitter, many, now));
    BOOST_TEST(is_here(submitter));
    send(submitter, request());
    BOOST_TEST(dropped(submitter));
    BOOST_TEST(core.cluster().jobs.size() == 0U);
}

BOOST_AUTO_TEST_CASE(a_request_for_too_many_answers_drops_its_sender) {
    wire::GetCs many = request();
    many.count = max_answers + 1;
    send(submitter, many);
    BOOST_TEST(dropped(submitter));
}

BOOST_AUTO_TEST_CASE(a_request_with_too_much_text_drops_its_sender) {
    wire::GetCs large = request();
    large.filename.assign(max_request_text, 'x');
    send(submitter, large);
    BOOST_TEST(dropped(submitter));
}

BOOST_AUTO_TEST_CASE(a_request_for_no_answer_gets_none) {
    wire::GetCs none = request();
    none.count = 0;
    send(submitter, none);
    BOOST_TEST(core.cluster().jobs.size() == 0U);
    BOOST_TEST(!dropped(submitter));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace ice::scheduler
