#!/usr/bin/env python3
"""Our scheduler beside Debian's in one net: who came first keeps the daemons, unless ours is told
to take over. A monitor at each shows it: losing the choice disconnects monitors, too."""

import cluster
import suites
import wire
from cluster import expect, wait_for

HEARD = "Received scheduler announcement from {}"
LOST = "has announced itself as a preferred scheduler"


def hears(host, rival, times=1):
    wait_for(lambda: suites.count_in_log(host, HEARD.format(rival.address), "scheduler") >= times,
             f"{host.name} to hear of {rival.name}")


def watch(host):
    channel = wire.Channel((host.address, suites.SCHEDULER_PORT))
    channel.send(wire.MON_LOGIN)
    return channel


def expect_undisturbed(host, channel):
    expect(suites.count_in_log(host, LOST, "scheduler") == 0, f"{host.name} gave up its daemons")
    expect(not channel.closed_by_peer(0.5), f"{host.name} disconnected its monitor")


def main(net):
    first, second = net.host("first"), net.host("second")
    suites.start_scheduler(first, suites.debian())
    channel = watch(first)

    modest = suites.start_scheduler(second, suites.ours())
    hears(first, second)
    expect_undisturbed(first, channel)
    expect(modest.stop() == 0, "our scheduler failed")

    ours = suites.start_scheduler(second, suites.ours(), "--take-over")
    hears(first, second, 2)
    expect(channel.closed_by_peer(10), "1.4 does not give way to one that takes over")
    expect(ours.stop() == 0, "our scheduler failed")

    third = net.host("third")
    suites.start_scheduler(second, suites.ours())
    channel = watch(second)
    suites.start_scheduler(third, suites.debian())
    hears(second, third)
    expect_undisturbed(second, channel)


cluster.run(main)
