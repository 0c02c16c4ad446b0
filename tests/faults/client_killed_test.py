#!/usr/bin/env python3
"""Clients are killed while their job runs, waits, or is being sent: the helper forgets them."""

import signal
import time

import cluster
import sources
import suites
from checks import compile_remotely, start_half
from cluster import PATIENCE, expect, wait_for


def main(net):
    trio = suites.Trio(net, suites.chosen(), helper_slots=1)
    where = sources.folder("one")
    sources.write_pair(where)
    compile_remotely(trio, where)
    clean = trio.traces()

    for number in (signal.SIGKILL, signal.SIGTERM, signal.SIGINT):
        process = start_half(trio, where)
        process.popen.send_signal(number)
        process.popen.wait(PATIENCE)
        trio.expect_clean_helper(clean, f"client killed by {number.name}")
        expect(not (where / "slow.o").exists(), f"{number.name}: an object of a killed compile")

    # Two more behind a running one: queued on the helper or waiting for the scheduler.
    processes = [start_half(trio, where)]
    processes += [trio.client.start(["gcc", "-O3", "-c", "slow.c", "-o", f"slow{i}.o"], where)
                  for i in range(2)]
    time.sleep(1)  # not waited for: whatever they have reached by now is worth killing them in
    for process in reversed(processes):
        process.kill()
    trio.expect_clean_helper(clean, "three clients killed")
    trio.wait_idle()
    leftovers = [path.name for path in where.iterdir() if path.suffix not in (".c", ".cpp", ".o")]
    expect(not leftovers, f"left beside the sources: {leftovers}")
    wait_for(lambda: trio.monitor.ready(["helper"]), "the helper to be there")
    compile_remotely(trio, where)


cluster.run(main)
