#!/usr/bin/env python3
"""A client without a daemon, and a daemon without a scheduler: everything compiles, here."""

import cluster
import sources
import suites
from checks import compile_right
from cluster import expect


def main(net):
    programs = suites.chosen()
    where = sources.folder("alone")
    argvs = sources.write_pair(where)
    client = suites.Client(net.host("sub"), programs)
    for argv in argvs:
        compile_right(client, where, argv)
    (where / "wrong.c").write_text("int f(void) { return unknown; }\n")
    local = client.host.run(["gcc", "-c", "wrong.c", "-o", "wrong.o"], cwd=where)

    daemon = suites.start_daemon(client.host, programs, scheduler=client.host)
    suites.wait_socket(client.host)
    for argv in argvs:
        compile_right(client, where, argv)
    for env in ({}, {"ICECC": "no"}, {"ICECC": "disable"}):
        done = client.run(["gcc", "-c", "wrong.c", "-o", "wrong.o"], cwd=where, env=env)
        expect(done.returncode == local.returncode, f"{env}: status {done.returncode}")
        expect("unknown" in done.stderr and not (where / "wrong.o").exists(), "the error is lost")
    expect(daemon.running(), "the daemon is gone")
    net.expect_no_strangers("after local builds")


cluster.run(main)
