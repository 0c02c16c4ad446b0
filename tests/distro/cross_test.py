#!/usr/bin/env python3
"""G20 to G31, X05 to X08: cross-compiling on a helper that does not have the compiler.

The environment of Debian's sparc64-linux-gnu-gcc, made by icecream-create-env under the triple of the
how-to, renamed and moved as it says, and chosen by ICECC_VERSION in each of the documented forms.
"""

import os
import platform
import shutil
import subprocess

import cluster
import sources
import suites
from cluster import Skip, expect

DEBIAN = "sparc64-linux-gnu"
TRIPLE = "sparc-unknown-linux-gnu"
SPARC_V9 = 43


def machine_of(path):
    """The machine of an ELF file, which for SPARC is big-endian."""
    return int.from_bytes(path.read_bytes()[18:20], "big")


def make_environment(programs, where):
    """A compiler called as the how-to's, and its environment."""
    tools = where / "cross"
    tools.mkdir()
    for tool in ("gcc", "g++"):
        (tools / f"{TRIPLE}-{tool}").symlink_to(shutil.which(f"{DEBIAN}-{tool}"))
    script = programs.prefix / "bin/icecream-create-env"
    done = subprocess.run(
        ["sh", script, "--output", where / "made.tar.zst", TRIPLE], stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, check=False,
        env={"PATH": f"{tools}:/usr/bin:/bin",
             "ICECC_CREATE_ENV": str(programs.prefix / "bin/icecc-create-env")})
    expect(done.returncode == 0, f"icecream-create-env: {done.stdout}")
    return tools, where / "made.tar.zst"


def main(net):
    if not shutil.which(f"{DEBIAN}-g++"):
        raise Skip(f"there is no {DEBIAN}-g++")
    programs = suites.chosen()
    where = sources.folder("cross")
    tools, made = make_environment(programs, where)
    trio = suites.Trio(net, programs)

    def compile_with(compiler, version, unit, path=f"{tools}:/usr/bin:/bin"):
        """The object of one unit, and whether the helper made it."""
        target = where / "object.o"
        target.unlink(missing_ok=True)
        before = trio.remote_jobs()
        done = trio.client.run([compiler, "-O2", "-c", unit, "-o", target], where,
                               env={"ICECC_VERSION": version, "PATH": path})
        expect(done.returncode == 0, f"{compiler}, {version}: {done.stderr}")
        expect(machine_of(target) == SPARC_V9, f"{compiler}: not an object for SPARC")
        return trio.remote_jobs() > before

    sources.write_pair(where)
    # As the how-tos rename it: the name says gz, whatever is in it (G23, X05).
    renamed = where / "host-i686-target-sparc.tar.gz"
    shutil.copy(made, renamed)
    linked = where / "linked.tar.gz"
    linked.symlink_to(renamed)
    odd = where / "v=2"
    odd.mkdir()
    shutil.copy(made, odd / "env.tar.zst")
    own = platform.machine()
    for version in (f"{own}:{made}",                                      # G26
                    f"i386:/nowhere/a.tar.gz,{own}:{renamed}",            # G27
                    f"{renamed}={TRIPLE},/opt/none.tar.gz=i686-pc-linux-gnu",  # X07
                    f"{own}:{linked}={TRIPLE}",                           # a link, both keys
                    f"{odd}/env.tar.zst={TRIPLE}"):                       # a path with "="
        for compiler, unit in ((f"{TRIPLE}-gcc", "unit.c"), (f"{TRIPLE}-g++", "unit.cpp")):
            expect(compile_with(compiler, version, unit), f"{compiler} stayed here with {version}")
    # X08: another prefix is another compiler; it must not get this environment.
    expect(not compile_with(f"{TRIPLE}-gcc", f"{renamed}=arm-linux-gnu", "unit.c"),
           "an environment was used for a compiler it is not for")
    # G28: no restart was needed in between. G30: through the link of icecream-config.
    links = programs.links
    (links / f"{TRIPLE}-gcc").symlink_to(os.path.relpath(programs.client, links))
    target = where / "linked.o"
    before = trio.remote_jobs()
    done = trio.sub.run([f"{TRIPLE}-gcc", "-O2", "-c", "unit.c", "-o", target], cwd=where,
                        env={"PATH": f"{links}:{tools}:/usr/bin:/bin",
                             "ICECC_VERSION": f"{own}:{made}", "ICECC_PREFERRED_HOST": "helper"})
    expect(done.returncode == 0 and machine_of(target) == SPARC_V9, f"by link: {done.stderr}")
    expect(trio.remote_jobs() > before, "the masqueraded cross compiler stayed here")


cluster.run(main)
