#!/usr/bin/env python3
"""A helper without user namespaces keeps root to confine, and does nothing else with it."""

import cluster
import sources
import suites
from checks import compile_remotely, compile_remotely_soon, compile_right
from cluster import expect, wait_for


def expect_nothing_of_root(store):
    strange = [str(path) for path in (store, *store.rglob("*")) if path.lstat().st_uid == 0]
    expect(not strange, f"what others sent is root's: {strange[:5]}")


def main(net):
    forbid = [str(suites.TESTS / "netns/forbid.py"), "user-namespaces"]

    def prepare(trio):
        trio.helper.wrap = forbid

    trio = suites.Trio(net, suites.chosen(), prepare=prepare)
    expect(suites.count_in_log(trio.helper, "stays root") == 1, "the helper does not say so")
    where = sources.folder("one")
    for argv in sources.write_pair(where):
        compile_remotely(trio, where, argv=argv)
    expect_nothing_of_root(trio.helper.path(suites.ENV_DIR))
    # Its own clients still get archives of their compilers, which nobody makes.
    local = suites.Client(trio.helper, trio.programs, ICECC_PREFERRED_HOST="sub")
    done = local.run(["gcc", "-O2", "-c", "unit.c", "-o", "unit.o"], where)
    expect(done.returncode == 0, done.stderr)
    wait_for(lambda: suites.count_in_log(trio.sub, suites.COMPILED) == 1,
             "the helper's own unit to be compiled elsewhere")
    # Nor is it root's when it had to be made again.
    trio.helper.run(["rm", "-r", suites.ENV_DIR], check=True)
    compile_right(trio.client, where)
    compile_remotely_soon(trio, where)
    expect_nothing_of_root(trio.helper.path(suites.ENV_DIR))


cluster.run(main)
