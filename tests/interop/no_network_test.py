#!/usr/bin/env python3
"""A client without any network, as in Portage's sandbox, gets its units compiled remotely."""

import cluster
import sources
import suites
from checks import compile_remotely


def main(net):
    trio = suites.Trio(net, suites.chosen())
    where = sources.folder("one")
    for argv in sources.write_pair(where):
        compile_remotely(trio, where, argv=argv, no_network=True)


cluster.run(main)
