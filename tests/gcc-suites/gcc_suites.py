#!/usr/bin/env python3
"""GCC's own test suites with our client as the compiler, against the same with plain gcc.

usage: gcc_suites.py SUITE... (or "all"; "nightly" is all but cpp)

The suites come from Debian's gcc-12-source: a tarball of which only the testsuite directory is
unpacked, once, below ICECC_GCC_TESTSUITE. Both compilers run at the same time in the same host; what
fails only with ours fails this test. It also prints how many units really went to the helper.
"""

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "netns"))

import cluster  # noqa: E402
import suites  # noqa: E402
from cluster import TOP, Skip, expect  # noqa: E402

TARBALLS = sorted(Path("/usr/src/gcc-12").glob("gcc-12*.tar.xz"))
NEEDED = ("lib/*", "config/*", "c-c++-common/*", "gcc.dg/*", "gcc.c-torture/*", "gcc.test-framework/*",
          "g++.dg/debug/*", "g++.dg/modules/*", "g++.dg/*.exp", "g++.dg/*.h")
SECONDS = 3 * 3600


class Suite:
    """One .exp file, run by the tool that wants it."""

    def __init__(self, tool, exp, folder, at_least):
        self.tool, self.exp, self.folder = tool, exp, folder
        self.at_least = at_least  # checks that must have passed: an empty run proves nothing


SUITES = {
    "cpp": Suite("gcc", "cpp.exp", "gcc.dg/cpp", 2076),
    "pch": Suite("gcc", "pch.exp", "gcc.dg/pch", 300),
    "modules": Suite("g++", "modules.exp", "g++.dg/modules", 2000),
    "compile": Suite("gcc", "compile.exp", "gcc.c-torture/compile", 10000),
    "debug": Suite("gcc", "debug.exp", "gcc.dg/debug", 500),
}


def unpack():
    """The testsuite directory; unpacked when it is missing or of another tarball."""
    top = Path(os.environ.get("ICECC_GCC_TESTSUITE", "build/gcc-testsuite")).resolve()
    if not TARBALLS:
        raise Skip("gcc-12-source is not installed")
    testsuite = top / "testsuite"  # dejagnu looks for lib/ in a directory of this name only
    state = TARBALLS[-1].stat()
    identity = f"{TARBALLS[-1]} {state.st_size} {state.st_mtime_ns} {NEEDED}"
    stamp = top / "unpacked"
    if not stamp.exists() or stamp.read_text() != identity:
        shutil.rmtree(top, ignore_errors=True)
        top.mkdir(parents=True)
        subprocess.run(["tar", "-xJf", TARBALLS[-1], "-C", top, "--strip-components=2", "--wildcards",
                        *(f"*/gcc/testsuite/{row}" for row in NEEDED)], check=True)
        stamp.write_text(identity)
    return testsuite


def triplet():
    machine = cluster.command("gcc", "-dumpmachine").strip()
    cpu, _, rest = machine.partition("-")
    return f"{cpu}-pc-{rest}" if rest.count("-") == 1 else machine


class Run:
    """One suite with one compiler, in a folder of its own."""

    def __init__(self, host, name, suite, testsuite, compiler, env):
        self.where = TOP / "runs" / name
        (self.where / "tmp").mkdir(parents=True)
        self.suite = suite
        variables = {"rootme": self.where, "srcdir": testsuite, "tmpdir": self.where / "tmp",
                     "HOSTCC": "gcc", "HOSTCFLAGS": "-O2"}
        variables.update({f"{role}_triplet": triplet() for role in ("host", "build", "target")})
        variables["target_alias"] = triplet()
        (self.where / "site.exp").write_text(
            "".join(f'set {key} "{value}"\n' for key, value in variables.items()))
        under_test = "GCC_UNDER_TEST" if suite.tool == "gcc" else "GXX_UNDER_TEST"
        words = ["runtest", "--tool", suite.tool, "--srcdir", str(testsuite),
                 f"{under_test}={compiler}", suite.exp]
        inside = [*host.enter()[:-1], f"--wd={self.where}"]
        self.output = open(self.where / "output", "wb")
        self.process = subprocess.Popen(
            inside + words, stdin=subprocess.DEVNULL, stdout=self.output, stderr=subprocess.STDOUT,
            env=host.env({"TMPDIR": str(self.where / "tmp"), **env}))
        host.cluster.helpers_of_test.append(self.process)

    def results(self):
        """How often each (result, name) came; several checks may bear one name."""
        self.process.wait(SECONDS)
        self.output.close()
        found = Counter()
        summary = self.where / f"{self.suite.tool}.sum"
        expect(summary.exists(), f"no summary: {(self.where / 'output').read_text()[-3000:]}")
        for line in summary.read_text(errors="replace").splitlines():
            match = re.fullmatch(r"([A-Z]+): (.*)", line)
            if match:
                # The temporary folder may be part of a name.
                found[match[1], match[2].replace(str(self.where), "")] += 1
        return found


BAD = ("FAIL", "XPASS", "ERROR", "UNRESOLVED", "WARNING")


def newly_bad(plain, ours):
    """Checks that are worse with ours: failed, or not even made."""
    bad = Counter({check: count for check, count in ours.items() if check[0] in BAD})
    worse = [f"{result}: {name}" for result, name in (bad - plain).elements()]
    made = Counter(name for (result, name) in ours.elements() if result in ("PASS", *BAD))
    passed = Counter(name for (result, name) in plain.elements() if result == "PASS")
    return worse + [f"not made: {name}" for name in (passed - made).elements()]


def count_of(results, *kinds):
    return sum(count for (result, _), count in results.items() if result in kinds)


def print_shares(name, log):
    text = log.read_text(errors="replace")
    counts = {"clients": "icecc ", "offered to the cluster": "asking for host to use",
              "sent to the helper": "Have to use host", "compiled here": "<building_local>",
              "sent, then compiled again here": "local build forced"}
    shares = {what: len(re.findall(rf"^ICECC\[\d+\] [-\d]+ [:\d]+: {re.escape(word)}", text, re.M))
              for what, word in counts.items()}
    print(f"{name}: " + ", ".join(f"{number} {what}" for what, number in shares.items()))
    return shares["sent to the helper"]


def run_suite(trio, name, testsuite):
    suite = SUITES[name]
    compiler = {"gcc": "gcc", "g++": "g++"}[suite.tool]
    client = trio.client
    before = client.log.stat().st_size
    plain = Run(trio.sub, f"{name}-plain", suite, testsuite, f"/usr/bin/{compiler}", {})
    ours = Run(trio.sub, f"{name}-ours", suite, testsuite, trio.programs.links / compiler, client.env)
    expected, found = plain.results(), ours.results()
    part = client.log.with_name(f"client-{name}.log")
    with open(client.log, "rb") as whole:
        whole.seek(before)
        part.write_bytes(whole.read())
    remote = print_shares(name, part)
    passed = count_of(found, "PASS")
    worse = newly_bad(expected, found)
    print(f"{name}: {passed} checks passed; plain gcc has "
          f"{count_of(expected, *BAD)} unexpected results, "
          f"{len(worse)} more with ours", *worse[:200], sep="\n", flush=True)
    keep = os.environ.get("ICECC_KEEP_LOGS")
    if worse and keep:
        kept = Path(keep) / "gcc-suites" / name
        shutil.rmtree(kept, ignore_errors=True)
        kept.mkdir(parents=True)
        for file in (ours.where / f"{suite.tool}.log", plain.where / f"{suite.tool}.log", part):
            shutil.copy(file, kept / f"{file.parent.name}-{file.name}")
    expect(passed >= suite.at_least, f"{name}: only {passed} checks passed")
    expect(remote > 0, f"{name}: nothing was compiled remotely")
    return worse


def main(net, names):
    if not shutil.which("runtest"):
        raise Skip("dejagnu is not installed")
    testsuite = unpack()
    trio = suites.Trio(net, suites.chosen())
    worse = {name: run_suite(trio, name, testsuite) for name in names}
    expect(not any(worse.values()), "worse than plain gcc: "
           + ", ".join(f"{name} {len(found)}" for name, found in worse.items() if found))


chosen = sys.argv[1:]
if chosen in (["all"], ["nightly"]):
    chosen = [name for name in SUITES if chosen == ["all"] or name != "cpp"]
if not chosen or not all(name in SUITES for name in chosen):
    sys.exit(__doc__)
cluster.run(lambda net: main(net, chosen))
