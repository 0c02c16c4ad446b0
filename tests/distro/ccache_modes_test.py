#!/usr/bin/env python3
"""Every mode of ccache behaves with CCACHE_PREFIX=icecc as with the plain compiler, gcc or clang.

Each scenario is a list of commands, run in a fresh folder with a fresh cache: first with the compiler
alone, then with our client as ccache's prefix. After every command its exit status, what it said, all
files it left and ccache's counters must be the same.
"""

import os
import shutil
import sys

import cluster
import sources
import suites
from cluster import TOP, Skip, expect

HEADER = "#pragma once\n#define SIZE 3\nstatic inline int twice(int x) { return 2 * x; }\n"
UNIT = '#include "inc.h"\nint sum(const int* a) {\n    int s = 0, i;\n    for (i = 0; i < SIZE; i++)\n' \
       "        s += twice(a[i]);\n    return s;\n}\n"
MAIN = '#include "inc.h"\nint main(void) {\n    return twice(SIZE) == 6 ? 0 : 1;\n}\n'
# gcc: the switches in the debug information name the helper's -fdirectives-only.
# clang: DWARF 5 has a checksum of the file, which a helper computes from what it was sent.
DEBUG = {"gcc": "-g -gno-record-gcc-switches", "clang": "-gdwarf-4"}
CHANGE = "echo 'int changed(void) { return SIZE; }' >>unit.c"
CHANGE_HEADER = "echo '#define MORE 1' >>inc.h"
FORGET = "rm -f *.o *.d *.dwo *.gcno"
SEED = "-frandom-seed=1"  # goes into what is profiled; random without it
PCH = {"CCACHE_SLOPPINESS": "pch_defines,time_macros"}


class Scenario:
    """Commands for one mode; `remote` of the compiles go to the helper, with CC the compiler. Files
    that may be `other` than the plain compiler's are only to be there."""

    def __init__(self, name, commands, env=None, remote=1, other=()):
        self.name, self.commands, self.env, self.remote = name, commands, env or {}, remote
        self.other = other


def compiles(words):
    """Miss, hit, miss after a change of the source, then one of the header that changes nothing: a
    hit for those modes that look at preprocessed text, and a hit for all at the end."""
    line = f"$CC {words} -c unit.c -o unit.o"
    return [line, FORGET, line, CHANGE, line, CHANGE_HEADER, line, FORGET, line]


def scenarios(compiler):
    debug = DEBUG[compiler]
    both = [
        Scenario("direct", compiles("-O2 -Wall"), remote=2),
        Scenario("preprocessor", compiles("-O2"), {"CCACHE_NODIRECT": "1"}, remote=2),
        Scenario("depend", compiles("-O2 -MD"), {"CCACHE_DEPEND": "1"}, remote=3),
        Scenario("dependencies", compiles("-O2 -MMD -MF unit.d -MT goal"), remote=2),
        Scenario("recache", compiles("-O2"), {"CCACHE_RECACHE": "1"}, remote=5),
        Scenario("no second preprocessor", compiles("-O2"), {"CCACHE_NOCPP2": "1"}, remote=2),
        Scenario("warnings", ["echo 'static int unused;' >>unit.c", *compiles("-Wall -Wextra")], remote=2),
        Scenario("failure", ["echo broken >>unit.c", *compiles("-O2")], remote=0),
        Scenario("assembly", ["$CC -S unit.c", "rm unit.s", "$CC -S unit.c"]),
        Scenario("split dwarf", compiles(f"{debug} -gsplit-dwarf"), remote=2),
        Scenario("coverage", compiles(f"--coverage {SEED}"), remote=0),
        Scenario("profile", [
            f"$CC -O2 -fprofile-generate {SEED} -c main.c -o main.o", "$LD -fprofile-generate main.o -o main",
            "./main", "$CC -O2 -fprofile-use -c main.c -o main.o", "rm main.o",
            "$CC -O2 -fprofile-use -c main.c -o main.o"] if compiler == "gcc" else [
            "$CC -fprofile-instr-generate -c main.c -o main.o", "rm main.o",
            "$CC -fprofile-instr-generate -c main.c -o main.o"], remote=0),
        Scenario("prefix map", [
            "mkdir one two", "cp unit.c inc.h one", "cp unit.c inc.h two",
            f"cd one && $CC {debug} -fdebug-prefix-map=$PWD=. -c $PWD/unit.c -o unit.o",
            f"cd two && $CC {debug} -fdebug-prefix-map=$PWD=. -c $PWD/unit.c -o unit.o"],
            {"CCACHE_BASEDIR": "$PWD"}),
    ]
    pch = [
        Scenario("pch", ["$CC -x c-header inc.h -o inc.h.gch", "$CC -include inc.h -c unit.c",
                         "rm unit.o", "$CC -include inc.h -c unit.c"], PCH),
        Scenario("pch, depend", ["$CC -x c-header inc.h -o inc.h.gch",
                                 "$CC -include inc.h -MD -c unit.c", "rm unit.o unit.d",
                                 "$CC -include inc.h -MD -c unit.c"],
                 # gcc's rule leaves out the headers that are in a .gch; ours names them.
                 {**PCH, "CCACHE_DEPEND": "1"}, other=("unit.d",)),
    ] if compiler == "gcc" else [
        Scenario("pch", ["$CC -x c-header inc.h -o inc.pch", "$CC -include-pch inc.pch -c unit.c",
                         "rm unit.o", "$CC -include-pch inc.pch -c unit.c"], PCH),
        Scenario("pch of the front end", [
            "$CC -Xclang -emit-pch -x c-header inc.h -o inc.pch",
            "$CC -Xclang -include-pch -Xclang inc.pch -c unit.c", "rm unit.o",
            "$CC -Xclang -include-pch -Xclang inc.pch -c unit.c"], PCH, remote=0),
    ]
    return both + pch


def counters(host, env):
    said = host.run(["ccache", "--print-stats"], env=env, check=True).stdout
    rows = dict(line.split() for line in said.splitlines())
    return {key: value for key, value in rows.items()
            if value != "0" and "timestamp" not in key and "size" not in key}


def files_in(where, other):
    """All files but the programs and what they wrote, and precompiled headers, which are never the
    same twice."""
    return {str(path.relative_to(where)): path.name in other or path.read_bytes() for path in sorted(where.rglob("*"))
            if path.is_file() and path.name != "main" and path.suffix not in (".gcda", ".gch", ".pch")}


def play(host, scenario, compiler, prefix):
    """What is to be seen after each command."""
    where = sources.folder("ccache-modes")
    shutil.rmtree(where)
    sources.folder("ccache-modes")
    cache = TOP / "src/cache"
    shutil.rmtree(cache, ignore_errors=True)
    for name, text in (("inc.h", HEADER), ("unit.c", UNIT), ("main.c", MAIN)):
        (where / name).write_text(text)
        os.utime(where / name, (1, 1))  # direct mode distrusts headers as new as the compile
    env = {"CC": f"ccache {compiler}", "LD": compiler, "CCACHE_DIR": str(cache), **scenario.env, **prefix}
    env = {key: value.replace("$PWD", str(where)) for key, value in env.items()}
    seen = []
    for words in scenario.commands:
        done = host.run(["sh", "-c", f"{words}; status=$?; touch -d @1 *.h *.c; exit $status"],
                        env=env, cwd=where)
        seen.append({"command": words, "status": done.returncode, "stdout": done.stdout,
                     "stderr": done.stderr, "files": files_in(where, scenario.other),
                     "counters": counters(host, env)})
    return seen


def differences(plain, ours):
    for expected, found in zip(plain, ours):
        for key, value in expected.items():
            if key == "files":
                wrong = {name for name in {*value, *found[key]} if value.get(name) != found[key].get(name)}
                if wrong:
                    yield f"after {expected['command']!r} other files: {sorted(wrong)}"
            elif value != found[key]:
                yield f"after {expected['command']!r} {key}: {found[key]!r} instead of {value!r}"


def main(net):
    if not shutil.which("ccache"):
        raise Skip("there is no ccache")
    programs = suites.chosen()
    trio = suites.Trio(net, programs)
    prefix = {"CCACHE_PREFIX": str(programs.client), **trio.client.env}
    compiler, wrong = sys.argv[1], []
    for scenario in scenarios(compiler):
        plain = play(trio.sub, scenario, compiler, {})
        before = trio.remote_jobs()
        ours = play(trio.sub, scenario, compiler, prefix)
        trio.wait_idle()  # the helper writes its log after the client has its object
        remote = trio.remote_jobs() - before
        found = [*differences(plain, ours)]
        if remote < scenario.remote:
            found.append(f"{remote} remote jobs instead of {scenario.remote}")
        print(f"{compiler}, {scenario.name}: {len(ours)} commands, {remote} remote jobs,"
              f" {ours[-1]['counters']}", flush=True)
        wrong += [f"{compiler}, {scenario.name}: {what}" for what in found]
    expect(not wrong, "\n".join(wrong))


cluster.run(main)
