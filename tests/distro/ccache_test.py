#!/usr/bin/env python3
"""G19: both ways to chain ccache and icecc, with a compiler that is replaced between two builds.

With CCACHE_PREFIX ccache sees the compiler itself, hence its replacement. Behind a masqueraded
icecc it does not, as documented; there it is enough that hits are hits and misses are distributed.
"""

import os
import shutil

import cluster
import sources
import suites
from cluster import Skip, expect


def main(net):
    if not shutil.which("ccache"):
        raise Skip("there is no ccache")
    programs = suites.chosen()
    trio = suites.Trio(net, programs)
    where = sources.folder("ccache")
    (where / "unit.c").write_text(sources.C_UNIT)
    compilers = where / "compilers"
    compilers.mkdir()
    (compilers / "gcc").symlink_to("/usr/bin/gcc")
    ccache_links = where / "ccache-links"
    ccache_links.mkdir()
    (ccache_links / "gcc").symlink_to(shutil.which("ccache"))

    def build(name, env):
        """How many jobs the helper got, and how many hits there were."""
        before = trio.remote_jobs()
        environment = {"CCACHE_DIR": str(where / f"cache-{name}"), "ICECC_PREFERRED_HOST": "helper",
                       "CCACHE_STATSLOG": str(where / f"{name}.log"), **env}
        (where / f"{name}.log").write_text("")
        done = trio.sub.run(["gcc", "-O2", "-c", "unit.c", "-o", f"{name}.o"], cwd=where,
                            env=environment)
        expect(done.returncode == 0, f"{name}: {done.stderr}")
        local = sources.compile_locally(trio.sub, ["gcc", "-O2", "-c", "unit.c"], where, "local.o")
        expect((where / f"{name}.o").read_bytes() == local.read_bytes(), f"{name}: another object")
        trio.wait_idle()  # the helper writes its log after the client has its object
        hits = (where / f"{name}.log").read_text().count("cache_hit")
        return trio.remote_jobs() - before, hits

    prefix = {"PATH": f"{ccache_links}:{compilers}:{programs.prefix / 'bin'}:/usr/bin:/bin",
              "CCACHE_PREFIX": "icecc"}
    # By path: ccache takes no prefix for one that leads to the same file as its compiler.
    chain = {"PATH": f"{ccache_links}:{programs.links}:{compilers}:/usr/bin:/bin"}
    both = {"PATH": f"{ccache_links}:{programs.links}:/usr/bin:/bin",
            "CCACHE_PREFIX": str(programs.client)}
    for name, env in (("prefix", prefix), ("chain", chain), ("both", both)):
        remote, hits = build(name, env)
        expect(remote == 1 and hits == 0, f"{name}: {remote} remote jobs, {hits} hits at first")
        remote, hits = build(name, env)
        expect(remote == 0 and hits == 1, f"{name}: {remote} remote jobs, {hits} hits again")

    # The upgrade: a program of another size and time, which makes the same code.
    (compilers / "gcc").unlink()
    (compilers / "gcc").write_text('#!/bin/sh\nexec /usr/bin/gcc "$@"\n')
    (compilers / "gcc").chmod(0o755)
    os.utime(compilers / "gcc", (1, 1))
    _, hits = build("prefix", prefix)
    expect(hits == 0, "after an upgrade of the compiler ccache gave the old object")


cluster.run(main)
