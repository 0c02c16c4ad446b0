#!/usr/bin/env python3
"""An object of many megabytes, and more warnings than a message holds: neither is lost."""

import cluster
import sources
import suites
from checks import compile_remotely
from cluster import expect

MESSAGE = 1 << 20  # the longest there is (protocol.md 2.4)
WARNINGS = 15000


def main(net):
    trio = suites.Trio(net, suites.chosen())
    where = sources.folder("one")
    unused = "\n".join(f"static int never_used_number_{i};" for i in range(WARNINGS))
    (where / "unit.c").write_text(f"int big[4 << 20] = {{1, 2, 3}};\n{unused}\n")
    quiet = compile_remotely(trio, where, argv=["gcc", "-c", "unit.c"])
    expect(not quiet.stderr, f"said without being asked: {quiet.stderr[:200]}")
    expect((where / "unit.o").stat().st_size > 16 * MESSAGE, "the object is not big at all")

    done = compile_remotely(trio, where, argv=["gcc", "-Wall", "-c", "unit.c"])
    local = trio.sub.run(["gcc", "-Wall", "-c", "unit.c", "-o", "unit.local.o"], cwd=where)
    expect(len(local.stderr) > MESSAGE, "the warnings would fit into a message")
    expect("never_used_number_0" in done.stderr, "no warning arrived")
    expect(done.stderr == local.stderr or "cut" in done.stderr,
           f"warnings are missing, and nobody says so: {done.stderr[-300:]}")


cluster.run(main)
