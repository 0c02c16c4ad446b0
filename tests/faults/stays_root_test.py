#!/usr/bin/env python3
"""A helper without user namespaces keeps root to confine, and does nothing else with it."""

import cluster
import sources
import suites
from checks import compile_remotely
from cluster import expect


def main(net):
    forbid = [str(suites.TESTS / "netns/forbid.py"), "user-namespaces"]

    def prepare(trio):
        trio.helper.wrap = forbid

    trio = suites.Trio(net, suites.chosen(), prepare=prepare)
    expect(suites.count_in_log(trio.helper, "stays root") == 1, "the helper does not say so")
    where = sources.folder("one")
    for argv in sources.write_pair(where):
        compile_remotely(trio, where, argv=argv)
    store = trio.helper.path(suites.ENV_DIR)
    strange = [str(path) for path in store.rglob("*") if path.lstat().st_uid == 0]
    expect(not strange, f"what others sent is root's: {strange[:5]}")
    # Its own clients still get archives of their compilers, which nobody makes.
    local = suites.Client(trio.helper, trio.programs, ICECC_PREFERRED_HOST="sub")
    done = local.run(["gcc", "-O2", "-c", "unit.c", "-o", "unit.o"], where)
    expect(done.returncode == 0, done.stderr)
    expect(suites.count_in_log(trio.sub, suites.COMPILED) == 1, "the helper's own unit went nowhere")


cluster.run(main)
