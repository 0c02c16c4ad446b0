"""A project as its compile_commands.json describes it, made into two ninja builds that differ in
one word: the icecc in front of the compiler. Nothing is written into the project's own folders."""

import json
import shlex
from dataclasses import dataclass
from pathlib import Path

LAUNCHERS = {"ccache", "distcc", "icecc", "sccache"}
TAKES_VALUE = {"-o", "-MF", "-MT", "-MQ", "-MJ", "--serialize-diagnostics"}
WRITES = ("-MF", "-MT", "-MQ", "-MJ", "-o")
DEPENDENCIES = {"-MD", "-MMD", "-MP"}


@dataclass
class Unit:
    """One translation unit: where it is compiled, and how, without debug info and side outputs."""
    source: Path
    directory: Path
    words: list

    def shown(self):
        """The name monitors show: what follows the third slash from the end."""
        return "/".join(self.source.parts[-3:])


def compile_words(words):
    """The compiler's words without launcher, output, dependency files and debug information: the
    helper's compiler sees other paths, and debug information is where paths are written down."""
    words = list(words)
    while words and Path(words[0]).name in LAUNCHERS:
        words.pop(0)
    kept = []
    while words:
        word = words.pop(0)
        if word in TAKES_VALUE:
            words[:1] = []
        elif word in DEPENDENCIES or word.startswith(WRITES) or is_debug(word):
            continue
        else:
            kept.append(word)
    return kept


def is_debug(word):
    return word.startswith("-g") and not word.startswith("-gnu")


def read(folder):
    """All C and C++ units of FOLDER/compile_commands.json, each (source, words) once."""
    units, seen = [], set()
    for entry in json.loads((folder / "compile_commands.json").read_text()):
        words = compile_words(entry.get("arguments") or shlex.split(entry["command"]))
        directory = Path(entry["directory"])
        source = (directory / entry["file"]).resolve()
        key = (source, tuple(words))
        if "-c" in words and key not in seen:
            seen.add(key)
            units.append(Unit(source, directory, words))
    return units


def escape(text):
    return text.replace("$", "$$")


def write_ninja(units, folder, launcher):
    """FOLDER/build.ninja, with one object FOLDER/N.o per unit; launcher: words put in front."""
    folder.mkdir(parents=True)
    lines = ["rule unit", "  command = $run", "  description = $what", ""]
    for number, unit in enumerate(units):
        words = [*launcher, *unit.words, "-o", str(folder / f"{number}.o")]
        run = f"cd {shlex.quote(str(unit.directory))} && {shlex.join(words)}"
        lines += [f"build {number}.o: unit", f"  run = {escape(run)}",
                  f"  what = {escape(unit.shown())}"]
    (folder / "build.ninja").write_text("\n".join(lines) + "\n")
