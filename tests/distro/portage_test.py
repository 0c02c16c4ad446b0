#!/usr/bin/env python3
"""G01, G02, G05, G10, G15, I01, I02: an ebuild as Portage runs it, with every sandbox of FEATURES left on.

Portage is not in Debian: what it does around a build (distro.md 4.1 to 4.4) is done here by hand. The
masquerade directory is found by its rule, src_configure and src_compile run in empty network, pid, ipc
and mount namespaces, as a user 250 without groups, with an empty HOME that cannot be written and no
variable beyond what Portage passes on. The package is GCC's libiberty: a configure of its own age and
some 60 units. At least nine of ten must be compiled by helpers that nobody named.
"""

import os
import shutil
import subprocess
from pathlib import Path

import cluster
import sources
import suites
from cluster import TOP, Skip, expect

PORTAGE = 250
PACKAGE = "dev-libs/libiberty-12"
SHARE = 0.9
FEWEST_UNITS = 50  # or else this is no longer the project it was

TARBALLS = sorted(Path("/usr/src/gcc-12").glob("gcc-12*.tar.xz"))
PARTS = ("libiberty", "include", "install-sh", "config.sub", "config.guess", "move-if-change",
         "mkinstalldirs", "missing", "config")

# distro.md 4.3: what network-sandbox leaves is a loopback device, with two addresses more.
PHASE = """
ip link set lo up
ip address add 10.0.0.1/8 dev lo
ip address add fd::1/8 dev lo
hostname localhost
exec "$@"
"""

PROGRAM = """
#include <string.h>
char* concat(const char*, ...);
int main(void) { return strcmp(concat("ice", "cream", (char*)0), "icecream"); }
"""


def unpack():
    """The sources; unpacked once per build, for that takes longer than the rest."""
    if not TARBALLS:
        raise Skip("gcc-12-source is not installed")
    top = Path(os.environ["ICECC_PORTAGE_SOURCES"])
    stamp = top / "unpacked"
    identity = f"{TARBALLS[-1]} {TARBALLS[-1].stat().st_mtime_ns}"
    if not stamp.exists() or stamp.read_text() != identity:
        shutil.rmtree(top, ignore_errors=True)
        top.mkdir(parents=True)
        subprocess.run(["tar", "-xJf", TARBALLS[-1], "-C", top, "--strip-components=1", "--wildcards",
                        "--no-wildcards-match-slash", *(f"*/{part}" for part in PARTS)], check=True)
        stamp.write_text(identity)
    return top


def masquerade_directory(eprefix):
    """Where Portage looks for FEATURES="icecream": the first of these that exists (4.1)."""
    for libdir in ("lib64", "lib", "libexec"):
        for name in ("icecc/bin", "icecc"):
            if (eprefix / "usr" / libdir / name).is_dir():
                return eprefix / "usr" / libdir / name
    raise AssertionError("Warning: icecc requested but no masquerade dir can be found")


class Ebuild:
    """One package in PORTAGE_TMPDIR, and its phases."""

    def __init__(self, host, programs):
        self.host = host
        eprefix = TOP / "eprefix"
        eprefix.mkdir()
        (eprefix / "usr").symlink_to(programs.prefix)
        self.top = sources.folder(f"portage/{PACKAGE}")
        self.source, self.temp, self.home = (self.top / name for name in ("work", "temp", "homedir"))
        shutil.copytree(unpack(), self.source)
        self.build = self.source / "build"
        for path in (self.build, self.temp, self.home):
            path.mkdir()
        subprocess.run(["chown", "-R", f"{PORTAGE}:{PORTAGE}", self.top], check=True)
        self.home.chmod(0o555)
        self.environment = {
            "PATH": f"{masquerade_directory(eprefix)}:/usr/bin:/bin", "HOME": str(self.home),
            "TMPDIR": str(self.temp), "T": str(self.temp), "LC_ALL": "C", "MAKEOPTS": "-j8",
            "CFLAGS": "-O2 -pipe", "CXXFLAGS": "-O2 -pipe", "LDFLAGS": "-Wl,-O1",
            "FEATURES": "icecream ipc-sandbox mount-sandbox network-sandbox pid-sandbox userpriv",
        }

    def phase(self, *argv):
        assignments = [f"{name}={value}" for name, value in self.environment.items()]
        done = self.host.run(
            ["unshare", "--net", "--pid", "--ipc", "--uts", "--mount", "--fork", "--mount-proc",
             "sh", "-c", PHASE, "sh", "setpriv", f"--reuid={PORTAGE}", f"--regid={PORTAGE}",
             "--clear-groups", "--no-new-privs", "env", "-i", *assignments, *argv],
            cwd=self.build, timeout=500)
        expect(done.returncode == 0, f"{argv[0]} failed: {done.stdout[-2000:]}{done.stderr[-2000:]}")
        expect("ICECC" not in done.stderr, f"the client said something: {done.stderr}")
        return done


def main(net):
    programs = suites.chosen()
    trio = suites.Trio(net, programs, helper_slots=8)
    ebuild = Ebuild(trio.sub, programs)
    ebuild.phase("../libiberty/configure", "--disable-install-libiberty")
    before = trio.remote_jobs()
    ebuild.phase("make", "-j8")
    units = len(list(ebuild.build.glob("*.o")))
    trio.wait_idle()  # the helper writes its log after the client has its object
    remote = trio.remote_jobs() - before
    print(f"{remote} of {units} units were compiled by helpers")
    expect(units >= FEWEST_UNITS, f"only {units} units were compiled at all")
    expect(remote >= SHARE * units, f"only {remote} of {units} units were distributed")
    (ebuild.build / "program.c").write_text(PROGRAM)
    ebuild.phase("gcc", "-o", "program", "program.c", "libiberty.a")
    ebuild.phase("./program")
    left = [str(path) for folder in (ebuild.home, ebuild.temp) for path in folder.iterdir()]
    expect(not left, f"files were left outside the build: {left}")


cluster.run(main)
