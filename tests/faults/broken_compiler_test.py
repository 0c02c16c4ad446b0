#!/usr/bin/env python3
"""Environments whose compiler cannot run, or dies by a signal, or lies: the object is right."""

import tarfile

import cluster
import sources
import suites
from checks import compile_remotely, compile_right
from cluster import expect, wait_for

CRASHING = "int main(void) { __builtin_trap(); }\n"
LYING = "int main(void) { return 0; }\n"  # status 0 and no object
ABORTED = "Remote compilation aborted with exit code 132"  # 128 and SIGILL
# The same by one that does as it should while the helper tries it (worker_verify.cpp).
TWO_FACED = """
#include <fcntl.h>
#include <string.h>
int main(int argc, char** argv) {{
    if (argc > 1 && strcmp(argv[argc - 1], "/tmp/icecc-probe.o") == 0)
        return creat("/tmp/icecc-probe.o", 0644) < 0;
    {then}
}}
"""


def program(trio, where, text):
    (where / "prog.c").write_text(text)
    trio.sub.run(["gcc", "-static", "-o", "prog", "prog.c"], cwd=where, check=True)
    return (where / "prog").read_bytes()


def replaced(original, name, contents):
    """The environment with another /usr/bin/gcc, under its own name."""
    result = original.parent / f"{name}.tar"
    fake = original.parent / "fake"
    fake.write_bytes(contents)
    fake.chmod(0o755)
    with tarfile.open(original) as old, tarfile.open(result, "w") as new:
        for member in old.getmembers():
            if member.name.lstrip("./") in ("usr/bin/gcc", "usr/bin/g++"):
                continue
            new.addfile(member, old.extractfile(member) if member.isreg() else None)
        new.add(fake, "usr/bin/gcc")
    return result


def real_environment(trio, where):
    done = trio.sub.run([trio.programs.create_env, "gcc", "--compression", "none"], cwd=where)
    expect(done.returncode == 0, f"icecc-create-env: {done.stderr}")
    return next(where.glob("*.tar"))


def main(net):
    trio = suites.Trio(net, suites.chosen())
    where = sources.folder("one")
    sources.write_pair(where)
    original = real_environment(trio, sources.folder("env"))
    compile_remotely(trio, where, env={"ICECC_VERSION": str(original)})

    fakes = {"crashes": program(trio, where, CRASHING), "lies": program(trio, where, LYING),
             "is-no-program": b"\x7fELF" + b"garbage" * 1000,
             "crashes-later": program(trio, where, TWO_FACED.format(then="__builtin_trap();")),
             "lies-later": program(trio, where, TWO_FACED.format(then="return 0;"))}
    for name, contents in fakes.items():
        environment = replaced(original, name, contents)
        for _ in range(2):  # once to be sent, once to be found installed
            compile_right(trio.client, where, env={"ICECC_VERSION": str(environment)})
        expect(trio.helperd.running(), f"{name}: the helper's daemon is gone")
        if name == "crashes-later":
            wait_for(lambda: suites.count_in_log(trio.helper, ABORTED) == 2, "two verdicts")
        net.expect_no_strangers(name)

    not_an_archive = original.parent / "rubbish.tar.gz"
    not_an_archive.write_bytes(b"this is no archive " * 100)
    compile_right(trio.client, where, env={"ICECC_VERSION": str(not_an_archive)})
    trio.wait_idle()
    compile_remotely(trio, where, env={"ICECC_VERSION": str(original)})


cluster.run(main)
