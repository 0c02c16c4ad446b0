#!/usr/bin/env python3
"""G20 to G31, X05 to X08: cross-compiling on a helper that does not have the compilers.

The environments of Debian's sparc64 and aarch64 compilers, made by icecream-create-env: the first under
the triple of the how-to, renamed and moved as it says, and chosen by ICECC_VERSION in each of the
documented forms.
"""

import os
import platform
import shutil
import subprocess

import cluster
import sources
import suites
from cluster import Skip, expect, wait_for

SPARC, ARM = "sparc64-linux-gnu", "aarch64-linux-gnu"
TRIPLE = "sparc-unknown-linux-gnu"
ELF_MACHINE = {TRIPLE: (43, "big"), ARM: (183, "little")}
# For compilers without headers of a C library, as install-packages leaves aarch64's.
FREE_C = "int twice(int x) { return 2 * x; }\n"
FREE_CXX = "template <class T> struct Box { T value; };\nint open(Box<int> box) { return box.value; }\n"


def machine_of(path, target):
    """The machine of an ELF file, and whether it is the one this target means."""
    wanted, order = ELF_MACHINE[target]
    return int.from_bytes(path.read_bytes()[18:20], order) == wanted


class Toolchains:
    """Compilers called as the how-to's, and their environments."""

    def __init__(self, programs, where):
        self.tools, self.programs, self.where = where / "cross", programs, where
        self.tools.mkdir()
        for tool in ("gcc", "g++"):
            (self.tools / f"{TRIPLE}-{tool}").symlink_to(shutil.which(f"{SPARC}-{tool}"))
        self.path = f"{self.tools}:/usr/bin:/bin"

    def pack(self, target):
        made = self.where / f"{target}.tar.zst"
        script = self.programs.prefix / "bin/icecream-create-env"
        done = subprocess.run(
            ["sh", script, "--output", made, target], stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, check=False,
            env={"PATH": self.path,
                 "ICECC_CREATE_ENV": str(self.programs.prefix / "bin/icecc-create-env")})
        expect(done.returncode == 0, f"icecream-create-env {target}: {done.stdout}")
        return made


def take_compilers_away(host):
    """The helper runs on our files; of the cross compilers it shall see none."""
    for target in (SPARC, ARM):
        names = [f"/usr/bin/{target}-{tool}-12" for tool in ("gcc", "g++")]
        for path in (*names, shutil.which(f"{target}-as")):
            host.run(["mount", "--bind", "/dev/null", os.path.realpath(path)], check=True)
        seen = host.run([f"{target}-gcc", "--version"])
        expect(seen.returncode != 0, f"the helper still has {target}-gcc")


def main(net):
    for target in (SPARC, ARM):
        if not shutil.which(f"{target}-g++"):
            raise Skip(f"there is no {target}-g++")
    programs = suites.chosen()
    where = sources.folder("cross")
    toolchains = Toolchains(programs, where)
    sparc, arm = toolchains.pack(TRIPLE), toolchains.pack(ARM)
    trio = suites.Trio(net, programs, prepare=lambda trio: take_compilers_away(trio.helper))

    def expect_more_than(before, what):
        """The helper's daemon hears of a result after the client does."""
        wait_for(lambda: trio.remote_jobs() > before, f"a helper to have compiled: {what}")

    def compile_with(compiler, version, unit):
        """Compiles one unit; how many the helper had made before."""
        target = where / "object.o"
        target.unlink(missing_ok=True)
        before = trio.remote_jobs()
        done = trio.client.run([compiler, "-O2", "-c", unit, "-o", target], where,
                               env={"ICECC_VERSION": version, "PATH": toolchains.path})
        expect(done.returncode == 0, f"{compiler}, {version}: {done.stderr}")
        expect(machine_of(target, compiler.rpartition("-")[0]), f"{compiler}: a wrong object")
        return before

    def expect_remote(target, version, units=("unit.c", "unit.cpp")):
        for compiler, unit in zip((f"{target}-gcc", f"{target}-g++"), units):
            expect_more_than(compile_with(compiler, version, unit), f"{compiler} with {version}")

    sources.write_pair(where)
    (where / "free.c").write_text(FREE_C)
    (where / "free.cpp").write_text(FREE_CXX)
    # As the how-tos rename it: the name says gz, whatever is in it (G23, X05).
    renamed = where / "host-i686-target-sparc.tar.gz"
    shutil.copy(sparc, renamed)
    linked = where / "linked.tar.gz"
    linked.symlink_to(renamed)
    odd = where / "v=2:a"
    odd.mkdir()
    shutil.copy(sparc, odd / "env.tar.zst")
    own = platform.machine()
    both = f"{renamed}={TRIPLE},{arm}={ARM}"
    for version in (f"{own}:{sparc}",                                 # G26
                    f"i386:/nowhere/a.tar.gz,{own}:{renamed}",        # G27
                    both,                                             # X07
                    f"{own}:{linked}={TRIPLE}",                       # a link, both keys
                    f"{odd}/env.tar.zst={TRIPLE}"):                   # a path with "=" and ":"
        expect_remote(TRIPLE, version)
    expect_remote(ARM, both, ("free.c", "free.cpp"))
    # X08: another prefix is another compiler; it must not get this environment.
    compile_with(f"{TRIPLE}-gcc", f"{renamed}=arm-linux-gnu", "unit.c")
    expect("names no environment for" in trio.client.log.read_text(),
           "an environment was used for a compiler it is not for")
    # Without ICECC_VERSION the daemon packs the compiler by itself.
    target = where / "native.o"
    before = trio.remote_jobs()
    done = trio.client.run([f"{ARM}-g++", "-c", "free.cpp", "-o", target], where)
    expect(done.returncode == 0 and machine_of(target, ARM), f"{ARM}-g++: {done.stderr}")
    expect_more_than(before, f"{ARM}-g++ without ICECC_VERSION")
    # G28: no restart was needed in between. G30: through the link of icecream-config.
    links = programs.links
    (links / f"{TRIPLE}-gcc").symlink_to(os.path.relpath(programs.client, links))
    target = where / "linked.o"
    before = trio.remote_jobs()
    done = trio.sub.run([f"{TRIPLE}-gcc", "-O2", "-c", "unit.c", "-o", target], cwd=where,
                        env={"PATH": f"{links}:{toolchains.path}",
                             "ICECC_VERSION": f"{own}:{sparc}", "ICECC_PREFERRED_HOST": "helper"})
    expect(done.returncode == 0 and machine_of(target, TRIPLE), f"by link: {done.stderr}")
    expect_more_than(before, "the masqueraded cross compiler")


cluster.run(main)
