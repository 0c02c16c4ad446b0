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
    # The compiler alone is as bad as everything, and so is the directory itself.
    for what in (f"find {suites.ENV_DIR}/target=* -name cc1 -delete",
                 f"rm -rf {suites.ENV_DIR}/*", f"rm -rf {suites.ENV_DIR}"):
        for host in (trio.helper, trio.sub):
            host.run(["sh", "-c", what])  # the submitter has no targets
            compile_right(trio.client, where)
            compile_remotely_soon(trio, where)


cluster.run(main)
