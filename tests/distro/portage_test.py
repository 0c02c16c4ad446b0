#!/usr/bin/env python3
"""G01, G10, I01, I02: a build as Portage runs it, with every sandbox of FEATURES left on.

An emulation (distro.md 4.1 to 4.4): the masquerade directory in front of PATH, empty network, pid
and ipc namespaces, a user 250 without groups, an empty HOME that cannot be written, and no variable
beyond what Portage passes on. At least nine of ten units must be compiled by the helper.
"""

import os

import cluster
import sources
import suites
from cluster import expect

UNITS = 40
PORTAGE = 250

MAKEFILE = """
OBJECTS := $(patsubst %.c,%.o,$(wildcard *.c))
program: $(OBJECTS)
\t$(CC) -o $@ $^
%.o: %.c
\t$(CC) $(CFLAGS) -c -o $@ $<
"""


def write_project(where):
    for i in range(UNITS):
        (where / f"u{i}.c").write_text(f"#include <stdio.h>\nint f{i}(int x) {{ return x + {i}; }}\n")
    (where / "main.c").write_text("int f7(int);\nint main(void) { return f7(35) - 42; }\n")
    (where / "Makefile").write_text(MAKEFILE)
    for path in [where, *where.iterdir()]:
        os.chown(path, PORTAGE, PORTAGE)


def main(net):
    programs = suites.chosen()
    trio = suites.Trio(net, programs, helper_slots=8)
    where = sources.folder("project")
    write_project(where)
    home = sources.folder("home")
    home.chmod(0o555)
    environment = {"PATH": f"{programs.links}:/usr/bin:/bin", "HOME": str(home), "TMPDIR": str(where),
                   "CC": "gcc", "CFLAGS": "-O2 -pipe", "LC_ALL": "C",
                   "ICECC_PREFERRED_HOST": "helper"}
    assignments = [f"{name}={value}" for name, value in environment.items()]
    done = trio.sub.run(
        ["unshare", "--net", "--pid", "--ipc", "--uts", "--mount", "--fork", "--mount-proc",
         "sh", "-c", 'ip link set lo up; hostname localhost; exec "$@"', "sh",
         "setpriv", f"--reuid={PORTAGE}", f"--regid={PORTAGE}", "--clear-groups", "--no-new-privs",
         "env", "-i", *assignments, "make", "-j8"], cwd=where, timeout=240)
    expect(done.returncode == 0, f"the build failed: {done.stdout}{done.stderr}")
    expect(not done.stderr, f"the build printed: {done.stderr}")
    expect(trio.sub.run([where / "program"]).returncode == 0, "the program does not work")
    remote = trio.remote_jobs()
    print(f"{remote} of {UNITS + 1} units were compiled by the helper")
    expect(remote >= 0.9 * (UNITS + 1), f"only {remote} of {UNITS + 1} units were distributed")
    strays = [path.name for path in where.iterdir()
              if path.suffix not in (".c", ".o") and path.name not in ("Makefile", "program")]
    expect(not strays and not list(home.iterdir()), f"files were left: {strays}")


cluster.run(main)
