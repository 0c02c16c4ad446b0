#!/usr/bin/env python3
"""Plays all scenarios of compiles.py with one compiler: compile_test.py gcc|clang

Each is played twice in the same folder: with the compiler alone, then with our client before it, in
one cluster for all. After every command the exit status, the text and all files must be the same, and
the client's log must say that it was compiled where it should have been.
"""

import shutil
import sys
from concurrent.futures import ThreadPoolExecutor

import cluster
import compare
import compiles
import sources
import suites
import units
from cluster import expect, wait_for
from compiles import ANY, EITHER, HELPER, HERE

AT_ONCE = 3
COMPILERS = {"gcc": {"CC": "gcc", "CXX": "g++"}, "clang": {"CC": "clang", "CXX": "clang++"}}


def place_of(log):
    """Where the client had a command compiled, from its own log."""
    sent, built = "Have to use host" in log, "<building_local>" in log
    return EITHER if sent and built else HELPER if sent else HERE


def is_right(place, wanted):
    return wanted == ANY or place == wanted or (wanted == EITHER and place == HELPER)


class Player:
    """One scenario, in a folder of its own."""

    def __init__(self, trio, compiler, scenario):
        self.trio, self.compiler, self.scenario = trio, compiler, scenario
        self.where = sources.folder(f"{compiler} {scenario.name}".replace(" ", "-"))
        self.log = self.where.parent / f"{self.where.name}.log"

    def environment(self, prefix):
        names = {key: prefix + name for key, name in COMPILERS[self.compiler].items()}
        own = {key: value.replace("$HERE", str(self.where)) for key, value in self.scenario.env.items()}
        return {**names, "G": compiles.EXACT[self.compiler], "HERE": str(self.where), **own}

    def step(self, words, prefix, env):
        """What is to be seen after a command, and where the client says it was compiled."""
        self.log.unlink(missing_ok=True)
        if prefix:  # for commands that name their compiler themselves
            words = words if "$" in words or words.split()[0] not in compiles.NAMED else prefix + words
        done = self.trio.sub.run(["sh", "-c", words], cwd=self.where, env=env)
        log = self.log.read_text(errors="replace") if self.log.exists() else ""
        return {"status": done.returncode, "stdout": done.stdout, "stderr": done.stderr,
                "files": compare.files_in(self.where)}, log

    def play(self, prefix, env):
        shutil.rmtree(self.where)
        sources.folder(self.where.name)
        units.write(self.where)
        env = {**self.environment(prefix), **env}
        return [self.step(words, prefix, env) for words, _ in self.scenario.commands]

    def wrong(self):
        """Everything in which our client is not like the compiler."""
        alone = self.play("", {})
        client = self.trio.client
        ours = self.play(f"{client.programs.client} ", {**client.env, "ICECC_LOGFILE": str(self.log)})
        for (words, wanted), (expected, _), (found, log) in zip(self.scenario.commands, alone, ours):
            label = f"{self.compiler}, {self.scenario.name}, {words!r}"
            for what in compare.differences(expected, found, self.scenario.debug):
                yield f"{label}: {what}"
            if wanted == HELPER and expected["status"] != 0:
                yield f"{label}: the compiler alone says {expected['stderr']}"
            if not is_right(place_of(log), wanted):
                yield f"{label}: compiled {place_of(log)} instead of {wanted}:\n{log[-1500:]}"


def main(net):
    compiler = sys.argv[1]
    trio = suites.Trio(net, suites.chosen())
    scenarios = compiles.all_for(compiler, shutil.which)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = list(pool.map(lambda row: list(Player(trio, compiler, row).wrong()), scenarios))
    wrong = [line for lines in found for line in lines]
    expect(not wrong, f"{len(wrong)} differences:\n" + "\n".join(wrong))
    wait_for(lambda: trio.remote_jobs() > len(scenarios), "the helper's log to agree")
    trio.wait_idle()
    net.expect_no_strangers("after all scenarios")


cluster.run(main)
