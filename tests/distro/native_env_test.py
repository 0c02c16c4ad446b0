#!/usr/bin/env python3
"""Environments that nobody made by hand: what they hold, and that they follow the compiler.

Sanitizers read lists, from clang's own directory and of the user's choice; a new assembler makes other
objects, although the compiler is as it was.
"""

import os
import shutil

import cluster
import sources
import suites
from cluster import Skip, expect, wait_for

LISTED = "int peek(int* values, int at) { return values[at]; }\n"


class Remote:
    """Compiles on the helper or fails the test."""

    def __init__(self, trio, where):
        self.trio, self.where = trio, where

    def __call__(self, argv, output):
        before = self.trio.remote_jobs()
        done = self.trio.client.run([*argv, "-o", output], self.where)
        expect(done.returncode == 0, f"{argv}: {done.stderr}")
        # The helper's daemon hears of a result after the client does.
        wait_for(lambda: self.trio.remote_jobs() > before, f"a helper to have compiled: {argv}")

    def environments(self):
        """The archives of the daemon that the client has named in its log so far."""
        lines = self.trio.client.log.read_text().splitlines()
        return [line.rsplit(" ", 1)[1] for line in lines if " native /" in line]


def lists_of_sanitizers(remote, where):
    (where / "listed.c").write_text(LISTED)
    ignored, other = where / "ignored.txt", where / "other.txt"
    ignored.write_text("fun:peek\n")
    other.write_text("fun:poke\n")
    base = ["clang", "-O1", "-fsanitize=address", "-c", "listed.c"]
    for words in (base, [*base, f"-fsanitize-ignorelist={ignored}"],
                  [*base, f"-fsanitize-ignorelist={other}"]):
        remote(words, "listed.o")
        checked = b"__asan_report_load4" in (where / "listed.o").read_bytes()
        expect(checked == (str(ignored) not in words[-1]), f"the list is ignored by {words}")


def new_assembler(remote, where):
    """A gcc that finds its assembler in a directory of ours, as one with its own binutils does."""
    tools = where / "tools"
    tools.mkdir()
    assembler = tools / "as"
    shutil.copy(os.path.realpath(shutil.which("as")), assembler)
    compiler = tools / "own-gcc"
    compiler.write_text(f'#!/bin/sh\nexec gcc -B{tools}/ "$@"\n')
    compiler.chmod(0o755)
    (where / "unit.c").write_text(sources.C_UNIT)
    words = [compiler, "-c", "unit.c"]
    remote(words, "first.o")
    first = remote.environments()[-1]
    replacement = tools / "as.new"
    shutil.copy(assembler, replacement)
    with open(replacement, "ab") as file:
        file.write(b"\0" * 64)  # other bytes, the same program
    os.replace(replacement, assembler)

    def is_new():
        remote(words, "second.o")
        return remote.environments()[-1] != first
    wait_for(is_new, "an environment with the new assembler", every=0.5)
    suites.expect_same(where / "first.o", where / "second.o")


def main(net):
    if not shutil.which("clang"):
        raise Skip("there is no clang")
    where = sources.folder("native-env")
    remote = Remote(suites.Trio(net, suites.chosen()), where)
    lists_of_sanitizers(remote, where)
    new_assembler(remote, where)


cluster.run(main)
