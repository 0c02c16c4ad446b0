#!/usr/bin/env python3
"""The scheduler is killed in the middle of a build and comes back later."""

import cluster
import sources
import suites
from building import Build
from checks import compile_remotely, compile_remotely_soon
from cluster import wait_for


def main(net):
    trio = suites.Trio(net, suites.chosen())
    where = sources.folder("one")
    sources.write_pair(where)
    compile_remotely(trio, where)

    build = Build(trio.client, "many", 40).start()
    wait_for(lambda: build.done() >= 5, "the first objects", 60)
    trio.scheduler.kill()
    build.finish()

    trio.scheduler = suites.start_scheduler(trio.sched, trio.programs)
    trio.watch()
    trio.wait_ready()
    compile_remotely_soon(trio, where)
    trio.wait_idle()
    net.expect_no_strangers("after the build")


cluster.run(main)
