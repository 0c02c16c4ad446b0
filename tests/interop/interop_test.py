#!/usr/bin/env python3
"""G09: ours and upstream's programs in every role, together: interop_test.py SCHEDULER KIND...

One cluster with a scheduler of that suite, and one helper and one submitter of each KIND; every
submitter has a C and a C++ unit compiled on every helper, and the objects must be those of a local
compile. That the helper did it is taken from the scheduler's monitor feed and the helper's log.
"""

import sys

import cluster
import sources
import suites
from cluster import expect, wait_for
from wire import Monitor


def compile_on(monitor, client, helper, label):
    where = sources.folder(f"{client.host.name}-{helper.name}")
    for argv in sources.write_pair(where):
        unit = argv[-1]
        before = suites.count_in_log(helper, suites.COMPILED)
        done = client.run([*argv, "-o", unit + ".o"], cwd=where,
                          env={"ICECC_PREFERRED_HOST": helper.name})
        expect(done.returncode == 0, f"{label}: {unit} failed: {done.stderr}")
        suites.expect_same(where / f"{unit}.o",
                           sources.compile_locally(client.host, argv, where, unit + ".local.o"))
        wait_for(lambda: suites.count_in_log(helper, suites.COMPILED) > before,
                 f"{label}: {unit} in the log of {helper.name}")
        wait_for(lambda: monitor.servers_of(f"{where.name}/{unit}") == [helper.name],
                 f"{label}: the scheduler to have seen {unit} on {helper.name}")
    print(f"passed: {label}", flush=True)


def main(net):
    scheduler_kind, *kinds = sys.argv[1:]
    sched = net.host("sched")
    suites.start_scheduler(sched, suites.suite(scheduler_kind))
    helpers, clients = {}, {}
    for kind in kinds:
        programs = suites.suite(kind)
        helpers[kind] = net.host(f"help-{kind}")
        suites.start_daemon(helpers[kind], programs, scheduler=sched)
        host = net.host(f"sub-{kind}")
        suites.start_daemon(host, programs, scheduler=sched)
        # As the suite packs by default, and so asks its scheduler for; but Debian's gzip takes long.
        once = kind == "ours" or scheduler_kind == "ours"
        clients[kind] = suites.Client(host, programs, None if once else "none")
    monitor = Monitor((sched.address, suites.SCHEDULER_PORT))
    names = [host.name for host in net.hosts.values() if host is not sched]
    wait_for(lambda: monitor.ready(names), f"{names} to be ready")
    for submitter, client in clients.items():
        for helper, host in helpers.items():
            compile_on(monitor, client, host,
                       f"submitter {submitter}, helper {helper}, scheduler {scheduler_kind}")


cluster.run(main)
