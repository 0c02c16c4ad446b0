#!/usr/bin/env python3
"""Debian's icecream-sundae finds our scheduler and shows its hosts, slots and jobs.

It runs in a terminal of tmux, whose screen is what the test reads. Statistics, a remote job from
request to end, a local job and the loss of a daemon must all arrive on that screen."""

import re
import shutil

import cluster
import sources
import suites
from cluster import Skip, expect, wait_for

SIZE = ["-x", "120", "-y", "45"]
ROW = re.compile(r"^[+-] +\d+ +(?P<name>\S+) +(?P<in>\d+) +(?P<cur>\d+) +(?P<max>\d+) +"
                 r"\[.*?\] +(?P<out>\d+) +(?P<local>\d+) ")


class Screen:
    """A program in a terminal of its own."""

    def __init__(self, host, *argv):
        self.host = host
        self.env = {"LC_ALL": "C.UTF-8", "TERM": "screen"}
        self._tmux("new-session", "-d", *SIZE, *argv)

    def _tmux(self, *words):
        socket = str(self.host.dir / "tmux")
        return self.host.run(["tmux", "-S", socket, "-f", "/dev/null", *words], env=self.env,
                             check=True).stdout

    def lines(self):
        return self._tmux("capture-pane", "-p").splitlines()

    def press(self, key):
        self._tmux("send-keys", key)

    def close(self):
        self._tmux("kill-server")

    def shows(self, text):
        return any(text in line for line in self.lines())

    def hosts(self):
        """The rows of the list, by name."""
        rows = [ROW.match(line) for line in self.lines()]
        return {row["name"]: row.groupdict() for row in rows if row}

    def jobs_of(self, name):
        """What stands in the open part of a host's entry."""
        mine, found = False, []
        for line in self.lines():
            row = ROW.match(line)
            if row:
                mine = row["name"] == name
            elif mine and line.strip().startswith("Job"):
                found.append(line)
        return found

    def wait(self, condition, what):
        try:
            wait_for(condition, what)
        except cluster.Failure:
            print(*self.lines(), sep="\n")
            raise


def look_at_hosts(screen):
    screen.wait(lambda: set(screen.hosts()) == {"helper", "sub"}, "both daemons to be listed")
    slots = {"helper": "3", "sub": "2"}
    screen.wait(lambda: {name: row["max"] for name, row in screen.hosts().items()} == slots, "slots")
    screen.wait(lambda: screen.shows(f"Netname: {suites.NET}"), "the net name")
    screen.wait(lambda: screen.shows("Servers: Total:2 Available:2 Active:0"), "two idle servers")


def follow_a_job(screen, trio, where):
    (where / "slow.c").write_text(sources.slow_unit(4000))
    compile_ = trio.client.start(["gcc", "-O3", "-c", "slow.c", "-o", "slow.o"], where)
    screen.wait(lambda: any("slow.c" in job for job in screen.jobs_of("helper")),
                "the job to be shown on its helper")
    screen.wait(lambda: screen.hosts()["helper"]["cur"] == "1", "one job on the helper")
    screen.wait(lambda: screen.shows("Active:1 Local:0 Pending:0"), "one active job")
    compile_.kill()
    screen.wait(lambda: screen.shows("Active:0 Local:0 Pending:0"), "the job to be gone")
    screen.wait(lambda: screen.hosts()["helper"]["in"] == "1", "one job in")
    screen.wait(lambda: screen.hosts()["sub"]["out"] == "1", "one job out")


def follow_a_local_job(screen, trio, where):
    sources.write_pair(where)
    trio.client.run(["gcc", "-E", "unit.c", "-o", "unit.i"], where, check=True)
    screen.wait(lambda: screen.shows("Remote:1 Local:1"), "the local job to be counted")


def main(net):
    for tool in ("icecream-sundae", "tmux"):
        if not shutil.which(tool):
            raise Skip(f"no {tool}")
    trio = suites.Trio(net, suites.ours(), helper_slots=3)
    where = sources.folder("one")
    # No -s: it has to find the scheduler by its net name.
    screen = Screen(trio.sub, "icecream-sundae", "-n", suites.NET)
    look_at_hosts(screen)
    screen.press("a")  # all details
    follow_a_job(screen, trio, where)
    follow_a_local_job(screen, trio, where)
    trio.helperd.stop()
    screen.wait(lambda: screen.shows("Servers: Total:1 "), "the helper to be gone")
    expect(suites.count_in_log(trio.sched, "remove monitor", "scheduler") == 0,
           "the scheduler dropped a monitor")
    screen.close()


cluster.run(main)
