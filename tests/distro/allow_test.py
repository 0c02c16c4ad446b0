#!/usr/bin/env python3
"""G33: ICECREAM_ALLOW and ICECREAM_SCHEDULER_ALLOW, read from configuration files, keep others out."""

import socket

import cluster
import sources
import suites
from cluster import TOP, expect, wait_for


def talks(host, port):
    """Whether whoever listens there begins the conversation with this process's address."""
    with socket.create_connection((host.address, port), 60) as connection:
        connection.settimeout(60)
        connection.sendall(b"\x2c\0\0\0")  # our half of the handshake; the control port greets
        try:
            return connection.recv(4) != b""
        except OSError:
            return False


def main(net):
    programs = suites.chosen()
    where = sources.folder("allow")
    (where / "unit.c").write_text(sources.C_UNIT)
    allowed = TOP / "allow.conf"
    # sub is 10.77.0.3, sched .1; the test itself, .254, is a stranger.
    allowed.write_text('ICECREAM_ALLOW="10.77.0.1 10.77.0.3/32"\n')
    trio = suites.Trio(net, programs, helper_options=("--config", str(allowed)))
    done = trio.client.run(["gcc", "-c", "unit.c", "-o", "unit.o"], where)
    expect(done.returncode == 0, f"an allowed submitter: {done.stderr}")
    # The helper's daemon hears of a result after the client does.
    wait_for(lambda: trio.remote_jobs() == 1, "an allowed submitter to have been served")
    expect(not talks(trio.helper, suites.DAEMON_PORT), "a stranger was served by the helper")
    wait_for(lambda: suites.count_in_log(trio.helper, "not of a network this host allows") >= 1,
             "the refusal in the log")
    expect(talks(trio.sub, suites.DAEMON_PORT), "without a list a neighbour was refused")

    closed = TOP / "scheduler.conf"
    closed.write_text('ICECREAM_SCHEDULER_ALLOW="10.77.0.0/29"\n')
    trio.scheduler.stop()
    suites.start_scheduler(trio.sched, programs, "--config", str(closed))
    expect(not talks(trio.sched, suites.SCHEDULER_PORT), "a stranger reached the scheduler")
    expect(not talks(trio.sched, suites.CONTROL_PORT), "a stranger reached the control port")
    wait_for(lambda: suites.count_in_log(trio.sched, "login sub", "scheduler") >= 2,
             "allowed daemons to come back")


cluster.run(main)
