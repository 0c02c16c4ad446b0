#!/usr/bin/env python3
"""Stopping and interrupting clients: Ctrl-C ends the job on the helper, Ctrl-Z stops nobody else."""

import signal

import cluster
import sources
import suites
from checks import compile_remotely, go_on, start_half
from cluster import expect, wait_for


def interrupted(trio, where, clean):
    """Ctrl-C goes to the whole group: the client dies of it, and so does the job."""
    process = start_half(trio, where)
    process.popen.send_signal(signal.SIGINT)
    expect(process.popen.wait(15) == -signal.SIGINT, "the client did not die of SIGINT")
    trio.expect_clean_helper(clean, "Ctrl-C")


def suspended(trio, where):
    """With one client stopped in the middle of its job, the only slot of the helper is not lost for
    longer than the job takes; when it goes on, its build is right."""
    process = start_half(trio, where)
    process.popen.send_signal(signal.SIGSTOP)
    go_on(trio)
    compile_remotely(trio, where, timeout=45)  # a helper waits a minute for a client that is mute
    process.popen.send_signal(signal.SIGCONT)
    expect(process.popen.wait(60) == 0, f"the client that was stopped: {process.err.read_text()}")
    local = sources.compile_locally(trio.sub, ["gcc", "-O3", "-c", "slow.c"], where, "local.o")
    suites.expect_same(where / "slow.o", local)


def main(net):
    trio = suites.Trio(net, suites.chosen(), helper_slots=1)
    where = sources.folder("one")
    sources.write_pair(where)
    compile_remotely(trio, where)
    clean = trio.traces()
    interrupted(trio, where, clean)
    suspended(trio, where)
    wait_for(lambda: not trio.compilers_at_work(), "the helper to be idle")


cluster.run(main)
