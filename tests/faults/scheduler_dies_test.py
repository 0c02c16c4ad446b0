#!/usr/bin/env python3
"""The scheduler is killed in the middle of a build and comes back later."""

import cluster
import sources
import suites
from building import Build
from checks import compile_remotely, compile_remotely_soon, go_on, start_half
from cluster import expect, wait_for


def main(net):
    trio = suites.Trio(net, suites.chosen())
    where = sources.folder("one")
    sources.write_pair(where)
    compile_remotely(trio, where)

    build = Build(trio.client, "many", 40).start()
    wait_for(lambda: build.done() >= 5, "the first objects")
    slow = start_half(trio, where)
    log = trio.client.log.stat().st_size
    trio.scheduler.kill()
    build.finish()

    # What was under way on the helper has not even noticed.
    go_on(trio)
    expect(slow.popen.wait(180) == 0, f"the running job failed: {slow.err.read_text()}")
    mine = [line for line in trio.client.log.read_text(errors="replace")[log:].splitlines()
            if f"ICECC[{slow.pid}]" in line]
    expect(not any("<building_local>" in line for line in mine), f"it was begun anew: {mine}")

    trio.scheduler = suites.start_scheduler(trio.sched, trio.programs)
    trio.watch()
    trio.wait_ready()
    compile_remotely_soon(trio, where)
    trio.wait_idle()
    net.expect_no_strangers("after the build")


cluster.run(main)
