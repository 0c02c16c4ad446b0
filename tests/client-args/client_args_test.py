#!/usr/bin/env python3
"""The installed client's decisions, for every command line of a file in tests/data.

usage: client_args_test.py TSV...

Of a corpus with more than MOST lines only a part is run, evenly chosen: unit.args has them all. A
daemon alone is enough: the decision is taken before anybody is asked for a host.
"""

import sys
from pathlib import Path

import cluster
import suites
from cluster import expect

HERE = Path(__file__).resolve().parent
MOST = 280


def chosen_ids(tsv):
    ids = [line.split("\t")[0] for line in Path(tsv).read_text().splitlines()
           if line and not line.startswith("#")]
    return ids[::-(-len(ids) // MOST)]


def main(net):
    programs = suites.chosen()
    host = net.host("sub")
    suites.start_daemon(host, programs)
    suites.wait_socket(host)
    # Else every stand-in for a compiler would get an environment of its own.
    made = host.run([programs.create_env, "gcc", "--compression", "none"], cwd=cluster.TOP)
    expect(made.returncode == 0, made.stderr)
    environment, = cluster.TOP.glob("*.tar")
    for tsv in sys.argv[1:]:
        check = [sys.executable, HERE / "client_args_check.py", programs.client, tsv,
                 *chosen_ids(tsv), "--fixtures", HERE / "fixtures.sh"]
        done = host.run(check, timeout=280, env={"ICECC_VERSION": environment})
        print(done.stdout, flush=True)
        expect(done.returncode == 0, f"the client decides otherwise: {done.stdout}{done.stderr}")


cluster.run(main)
