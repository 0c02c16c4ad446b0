#!/usr/bin/env python3
"""Preprocessing without the driver: a recipe is learned from units with the same options, tried, and
then used; and whatever comes out of it is what the driver would have made."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import cluster
import suites
from cluster import TOP, expect

SOURCE = """#include <stdio.h>
#include "common.h"
int {name}(int x) {{ return printf("%s %d\\n", NAME, x) + LIMIT; }}
"""


class Recipes:
    def __init__(self, net):
        self.trio = suites.Trio(net, suites.suite("ours"))
        self.folder = TOP / "recipes"
        (self.folder / "sub").mkdir(parents=True)
        (self.folder / "common.h").write_text("#define LIMIT 42\n")
        (self.folder / "sub/common.h").write_text("#define LIMIT 43\n")
        self.folder.chmod(0o777)
        self.count = 0

    def compile(self, *options, compiler="gcc", folder="", suffix=".c", env=None, text=SOURCE,
                run=None):
        """One more unit with these options; the words its preprocessor was started with."""
        self.count += 1
        name = f"unit{self.count}"
        path = f"{folder}{name}"
        (self.folder / f"{path}{suffix}").write_text(text.format(name=name))
        log = self.trio.client.log
        before = log.stat().st_size if log.exists() else 0
        # The language is said: a rule of make then names the same object for both.
        words = [compiler, "-O2", *(o.format(path=path) for o in options), "-c",
                 f"{path}{suffix}", "-o", f"{path}.o"]
        done = (run or self.trio.client.run)(words, self.folder, env=env)
        told = log.read_bytes()[before:].decode()
        mine = self.take_outputs(path)
        here = subprocess.run(words, cwd=self.folder, env={**os.environ, **(env or {})},
                              capture_output=True, text=True)
        if run is None:
            expect((done.returncode, done.stderr) == (here.returncode, here.stderr),
                   f"{words}: {done.returncode} {done.stderr!r}, here {here.stderr!r}")
        found = re.findall(r"preparing source to send: (\S+) (.*)", told)
        expect(found, f"{words}: stayed here: {told}")
        if done.returncode == 0:
            expect("compiled here" not in told and "building locally" not in told, told)
        alone = self.take_outputs(path)
        expect(mine == alone, f"{words}: {mine.keys()} of {alone.keys()}, or they differ")
        return found[0][0]

    def take_outputs(self, path):
        """Object and rule of a compile, which are removed."""
        outputs = {p.suffix: p.read_bytes() for p in self.folder.glob(f"{path}.[od]")}
        for suffix in outputs:
            (self.folder / f"{path}{suffix}").unlink()
        return outputs

    def learn(self, *options, **how):
        """The driver is called three times, then no more."""
        programs = [self.compile(*options, **how) for _ in range(5)]
        driver = Path(how.get("compiler", "gcc")).name
        expect(all(program.endswith(f"/{driver}") for program in programs[:3]), f"{programs}")
        expect(all("/cc1" in program for program in programs[3:]), f"{options}: {programs}")


def own_toolchain():
    """gcc in a place of its own, from where it finds its programs; the paths of its drivers."""
    top = TOP / "toolchain"
    (top / "bin").mkdir(parents=True)
    for name in ("gcc", "g++"):
        shutil.copy(Path(shutil.which(name)).resolve(), top / "bin" / name)
    say = ["gcc", "-print-file-name=include"]
    library = Path(subprocess.run(say, capture_output=True, text=True, check=True).stdout).parent
    own = top / "lib/gcc" / library.relative_to(library.parents[1])
    own.mkdir(parents=True)
    for entry in library.iterdir():
        (own / entry.name).symlink_to(entry)
    return own, str(top / "bin/gcc"), str(top / "bin/g++")


NAME = "-DNAME=\"a \\\"b\\\" $c\""
RULE = ("-MD", "-MF", "{path}.d")


def main(net):
    recipes = Recipes(net)
    recipes.learn(NAME, "-I.")
    recipes.learn(NAME, "-I.", *RULE)
    recipes.learn(NAME, "-I.", "-g", "-gno-record-gcc-switches", "-Wall", *RULE, folder="sub/")
    recipes.learn(NAME, "-I.", "-fPIC", compiler="g++", suffix=".cpp")
    by_recipe = recipes.compile(NAME, "-I.")
    expect("/cc1" in by_recipe, f"{by_recipe}: a recipe is forgotten")

    # Warnings of the preprocessor are shown once, errors are the driver's, and then it is trusted
    # alone again.
    warns = "#warning beware\n" + SOURCE
    expect("/cc1" in recipes.compile(NAME, "-I.", text=warns), "a warning needs no driver")
    recipes.compile(NAME, "-I.", text="#include \"missing.h\"\n")
    expect(recipes.compile(NAME, "-I.").endswith("/gcc"), "a recipe that failed is used again")

    # Another environment is another key.
    recipes.learn(NAME, "-I.", env={"CPATH": "sub"})
    # Nor is there one with options that we do not know, or that hand others through.
    for option in ("-Wp,-DX", "--param=ggc-min-expand=30"):
        for _ in range(5):
            expect(recipes.compile(NAME, "-I.", option).endswith("/gcc"), f"{option} has a recipe")

    # The names in a recipe are a daemon's words, so nobody else may be able to change what they name.
    own, driver, cxx = own_toolchain()
    recipes.learn(NAME, "-I.", compiler=driver)
    # What a driver tells the compiler of its place is in a variable, too.
    moved = {"compiler": cxx, "suffix": ".cpp"}
    recipes.learn(NAME, "-I.", **moved)
    seen = "#if __has_include(<vector>)\nint of_another_place;\n#endif\n" + SOURCE
    expect("/cc1" in recipes.compile(NAME, "-I.", text=seen, **moved), "the recipe is gone")
    library = TOP / "toolchain/lib"
    real = library.rename(library.with_name("real"))
    library.symlink_to(real)
    real.chmod(0o777)
    expect(recipes.compile(NAME, "-I.", compiler=driver) == driver, "others can, behind a link")
    real.chmod(0o755)
    expect("/cc1" in recipes.compile(NAME, "-I.", compiler=driver), "a link is no harm")
    library.unlink()
    elsewhere = TOP / "elsewhere"
    elsewhere.mkdir()
    library.symlink_to(real.rename(elsewhere / "lib"))
    elsewhere.chmod(0o777)
    expect(recipes.compile(NAME, "-I.", compiler=driver) == driver, "others can, above a link's end")
    elsewhere.chmod(0o755)
    own.chmod(0o777)
    expect(recipes.compile(NAME, "-I.", compiler=driver) == driver, "others can change the program")
    own.chmod(0o755)
    expect("/cc1" in recipes.compile(NAME, "-I.", compiler=driver), "the recipe is gone")
    # Nor does one hold once the driver gets specs to read.
    specs = subprocess.run([driver, "-dumpspecs"], capture_output=True, check=True).stdout
    (own / "specs").write_bytes(specs)
    expect(recipes.compile(NAME, "-I.", compiler=driver) == driver, "specs go unread")

    # One user's recipes are not another's.
    def as_nobody(words, cwd, env=None):
        client = recipes.trio.client
        return client.host.run(["setpriv", "--reuid=65534", "--clear-groups",
                                client.programs.client, *words],
                               env={**client.env, **(env or {})}, cwd=cwd)
    recipes.trio.client.log.chmod(0o666)
    (recipes.folder / "sub").chmod(0o777)
    recipes.learn(NAME, "-I.", "-fPIE")
    expect(recipes.compile(NAME, "-I.", "-fPIE", run=as_nobody).endswith("/gcc"),
           "a recipe of another user")


if __name__ == "__main__":
    cluster.run(main)
