#!/usr/bin/env python3
"""Debian's icecc-monitor (icemon) shows the hosts, slots and jobs of our scheduler.

Its window is on an X server without a screen; the test reads its tables and its status bar over the
accessibility bus, as a screen reader would."""

import cluster
import desktop
import sources
import suites
from cluster import expect, wait_for

ICEMON = "icemon"


class Window:
    def __init__(self, screen, scheduler):
        self.screen = screen
        login = f"monitor at {screen.host.address}"
        self.process = screen.start(lambda: suites.count_in_log(scheduler, login, "scheduler"),
                                    ICEMON, "-s", scheduler.address)

    def rows(self, title=None):
        """The rows of the table under that label, or of the only one."""
        seen = self.screen.look(ICEMON)
        tables = [table for table in seen["tables"] if title in (None, table["title"])]
        return tables[0]["rows"] if tables else []

    def says(self, text):
        return any(text in label for label in self.screen.look(ICEMON)["labels"])

    def show(self, view):
        self.screen.press(ICEMON, view)

    def wait(self, condition, what):
        try:
            return wait_for(condition, what, every=0.3)
        except cluster.Failure:
            print(self.screen.look(ICEMON))
            raise

    def job_in_state(self, name, state):
        """The row of the job with that file, if that is its state."""
        found = [row for row in self.rows() if row.get("File name", "").endswith(name)]
        return found[0] if found and found[0]["State"] == state else None


def look_at_hosts(window, trio):
    window.show("Detailed Host View")

    def slots():
        return {row["Name"]: row["Max Jobs"] for row in window.rows("Hosts")}
    window.wait(lambda: slots() == {"helper": "3", "sub": "2"}, "both hosts with their slots")
    addresses = {row["Name"]: row["IP"] for row in window.rows("Hosts")}
    expect(addresses == {"helper": trio.helper.address, "sub": trio.sub.address},
           f"addresses: {addresses}")


def follow_jobs(window, trio, where):
    window.show("List View")
    (where / "slow.c").write_text(sources.slow_unit(4000))
    compile_ = trio.client.start(["gcc", "-O3", "-c", "slow.c", "-o", "slow.o"], where)
    row = window.wait(lambda: window.job_in_state("slow.c", "Compiling"), "the job to be compiled")
    expect((row["Client"], row["Server"]) == ("sub", "helper"), f"the job: {row}")
    window.wait(lambda: window.says("Active jobs: 1/5"), "the job to be counted")
    compile_.kill()
    window.wait(lambda: window.says("Active jobs: 0/5"), "the job to end")

    argv, _ = sources.write_pair(where)
    trio.client.run([*argv, "-o", "unit.o"], where, check=True)
    row = window.wait(lambda: window.job_in_state("unit.c", "Finished"), "the other job to end")
    expect(row["Server"] == "helper" and row["Size Out"] != "0 B", f"the job: {row}")


def lose_a_host(window, trio):
    window.show("Detailed Host View")
    trio.helperd.stop()
    window.wait(lambda: {row["Name"] for row in window.rows("Hosts")} == {"sub"},
                "the helper to be gone")


def main(net):
    desktop.require(ICEMON)
    trio = suites.Trio(net, suites.ours(), helper_slots=3)
    window = Window(desktop.Desktop(trio.sub), trio.sched)
    look_at_hosts(window, trio)
    follow_jobs(window, trio, sources.folder("one"))
    lose_a_host(window, trio)
    expect(window.process.running(), "the monitor has left")
    expect(suites.count_in_log(trio.sched, "remove monitor", "scheduler") == 0,
           "the scheduler dropped a monitor")
    window.screen.close()


cluster.run(main)
