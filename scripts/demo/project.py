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
    own_object: Path = None  # what the project's own build makes of it

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


def output_of(words):
    """The file after -o, as the command line gives it."""
    return next((after for word, after in zip(words, words[1:]) if word == "-o"), None)


def is_debug(word):
    return word.startswith("-g") and not word.startswith("-gnu")


def read(folder):
    """All C and C++ units of FOLDER/compile_commands.json, each (source, words) once."""
    units, seen = [], set()
    for entry in json.loads((folder / "compile_commands.json").read_text()):
        given = entry.get("arguments") or shlex.split(entry["command"])
        words, output = compile_words(given), output_of(given)
        directory = Path(entry["directory"])
        source = (directory / entry["file"]).resolve()
        key = (source, tuple(words))
        if "-c" in words and key not in seen:
            seen.add(key)
            units.append(Unit(source, directory, words, directory / output if output else None))
    return units


def seconds_spent(units, folder, jobs):
    """How long FOLDER's own ninja build had JOBS compilers at work on these units."""
    wanted = {str(unit.own_object) for unit in units}
    spent = {}
    for line in (folder / ".ninja_log").read_text().splitlines()[1:]:
        start, end, _, output, _ = line.split("\t")
        if str(folder / output) in wanted:
            spent[output] = (int(end) - int(start)) / 1000
    return sum(spent.values()) / jobs


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
