#!/usr/bin/env python3
"""The helper's disk is full before the environment has arrived."""

import cluster
import sources
import suites
from checks import compile_right
from cluster import expect, wait_for

# Enough that the daemon still offers itself (25 MiB per slot and one more), and not enough for an
# unpacked gcc (82 MB).
DISK = "60m"


def make_small_disk(trio):
    trio.helper.run(["mount", "-o", f"remount,size={DISK}", "/var/tmp"], check=True)


def used(trio):
    done = trio.helper.run(["du", "-sk", suites.ENV_DIR], check=True)
    return int(done.stdout.split()[0])


def main(net):
    trio = suites.Trio(net, suites.chosen(), helper_slots=1, prepare=make_small_disk)
    where = sources.folder("one")
    for argv in sources.write_pair(where):
        compile_right(trio.client, where, argv)
    expect(trio.helperd.running(), "the helper's daemon is gone")
    wait_for(lambda: used(trio) < 1024,
             f"the helper to clear away what it could not unpack; {used(trio)} kB")
    net.expect_no_strangers("after the disk was full")
    trio.wait_idle()


cluster.run(main)
