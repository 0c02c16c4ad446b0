#!/usr/bin/env python3
"""The helper's daemon is killed with a job under way; then its host drops off the network."""

import cluster
import sources
import suites
from checks import compile_remotely, compile_remotely_soon, go_on, start_half
from cluster import expect, wait_for


def finish_slow(trio, process, where):
    expect(process.popen.wait(180) == 0, f"the client failed: {process.err.read_text()}")
    local = sources.compile_locally(trio.sub, ["gcc", "-O3", "-c", "slow.c"], where, "local.o")
    suites.expect_same(where / "slow.o", local)


def main(net):
    trio = suites.Trio(net, suites.chosen())
    where = sources.folder("one")
    sources.write_pair(where)
    compile_remotely(trio, where)
    clean = trio.traces()

    process = start_half(trio, where)
    trio.helperd.kill()
    wait_for(lambda: not trio.compilers_at_work(), "the orphaned compiler to go")
    finish_slow(trio, process, where)
    net.expect_no_strangers("after the helper was killed")

    trio.start_helper()
    trio.wait_ready("helper")
    compile_remotely_soon(trio, where)
    trio.expect_clean_helper(clean | trio.traces(), "after the restart")

    process = start_half(trio, where)
    trio.helper.cut_off()
    go_on(trio)
    finish_slow(trio, process, where)
    trio.helper.cut_off(False)
    compile_remotely_soon(trio, where)
    net.expect_no_strangers("after the network came back")


cluster.run(main)
