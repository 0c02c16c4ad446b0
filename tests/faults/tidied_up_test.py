#!/usr/bin/env python3
"""Somebody tidies up /var/tmp while daemons have their archives and environments there."""

import cluster
import sources
import suites
from checks import compile_remotely, compile_remotely_soon, compile_right


def main(net):
    trio = suites.Trio(net, suites.chosen())
    where = sources.folder("one")
    sources.write_pair(where)
    compile_remotely(trio, where)
    for host in (trio.helper, trio.sub):
        host.run(["sh", "-c", f"rm -rf {suites.ENV_DIR}/*"], check=True)
        compile_right(trio.client, where)
        compile_remotely_soon(trio, where)


cluster.run(main)
