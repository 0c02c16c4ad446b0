#!/usr/bin/env python3
"""Manual pages and programs say the same: every program has a page, every option of --help and every
variable that is read is in a page, and no page tells of one that is not there.

man_test.py STAGE SOURCE
"""
import pathlib
import re
import subprocess
import sys

stage, source = map(pathlib.Path, sys.argv[1:])
OPTION = re.compile(r"(?<![\w-])(--[a-z][a-z-]*|-[A-Za-z])(?![\w-])")
VARIABLE = r"_?(?:ICECC(?:_[A-Z]+)*|(?:ICECREAM|USE|UNCACHED)(?:_[A-Z]+)+)"
SECTIONS = {
    "1": ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXIT STATUS", "SEE ALSO"],
    "5": ["NAME", "SYNOPSIS", "DESCRIPTION", "VARIABLES", "FILES", "SEE ALSO"],
    "7": ["NAME", "DESCRIPTION", "ENVIRONMENT", "FILES", "SEE ALSO"],
}
HELP_WIDTH = 100
failures = []


def check_same(what, there, documented):
    for name in sorted(there - documented):
        failures.append(f"{what}: {name} is missing in the page")
    for name in sorted(documented - there):
        failures.append(f"{what}: the page has {name}, which does not exist")


class Page:
    def __init__(self, path):
        self.path = path
        self.name, self.section = path.name.rsplit(".", 1)
        self.text = path.read_text()
        self.sections = re.findall(r"^\.Sh (.*)$", self.text, re.M)

    def items(self, macro):
        """The words of list items that begin with this macro: ".It Fl n , Fl -netname Ar name"."""
        lines = re.findall(rf"^\.It {macro} (.*)$", self.text, re.M)
        return [line.split() for line in lines]

    def options(self):
        # What other macros than Fl introduce is an argument.
        found = set()
        for words in self.items("Fl"):
            for before, word in zip(["Fl", *words], words):
                if before == "Fl":
                    found.add("-" + word)
        return found

    def variables(self):
        return {w for words in self.items("Ev") for w in words if re.fullmatch(VARIABLE, w)}

    def mentions(self, variable):
        return re.search(rf"^\.(?:It )?Ev (?:.*[ ,])?{variable}\b", self.text, re.M) is not None


def read_all(*patterns):
    files = [f for p in patterns for f in source.glob(p) if f.is_file()]
    assert files, patterns
    return "\n".join(f.read_text() for f in files)


def help_of(program):
    done = subprocess.run([program, "--help"], capture_output=True, text=True, timeout=20)
    if done.returncode != 0 or done.stderr:
        failures.append(f"{program.name} --help: exit status {done.returncode}, {done.stderr!r}")
    return done.stdout


def check_program(program, page):
    text = help_of(program)
    check_same(f"{program.name} --help", set(OPTION.findall(text)), page.options())
    for variable in set(re.findall(rf"\b{VARIABLE}\b", text)):
        if not page.mentions(variable):
            failures.append(f"{program.name} --help: {variable} is not in its page")
    if not text.startswith(f"Usage: {program.name}") and program.parent.name != "icecc":
        failures.append(f"{program.name} --help does not begin with its usage")
    if "The exit status is " not in text:
        failures.append(f"{program.name} --help does not tell of the exit status")
    for line in text.splitlines():
        if len(line) > HELP_WIDTH:
            failures.append(f"{program.name} --help has a line of {len(line)} characters: {line}")


def programs():
    for directory in ("bin", "sbin", "libexec/icecc"):
        for file in (stage / directory).iterdir():
            # In libexec, links are other names of what is in bin.
            if file.is_file() and not (directory.startswith("libexec") and file.is_symlink()):
                yield file


def check_variables(pages):
    everything = pages["icecream"]
    configuration = pages["icecream.conf"]
    settable = set(re.findall(r'"(ICECREAM_[A-Z_]+)"', read_all("src/config/*.cpp")))
    check_same("src/config and icecream.conf(5)", settable, configuration.variables())
    assigned = set(re.findall(r"^(ICECREAM_[A-Z_]+)=", read_all("conf.d/icecream"), re.M))
    check_same("conf.d/icecream and icecream.conf(5)", assigned, configuration.variables())

    scripts = read_all("scripts/icecream-*", "sydbox/icecream-sydbox")
    read = set(re.findall(rf'"({VARIABLE})"', read_all("src/**/*.cpp"))) - settable
    read |= set(re.findall(rf"\$\{{({VARIABLE}):?-", scripts)) - settable
    check_same("variables that are read, and icecream(7)", read, everything.variables())

    usual = set(re.findall(r'getenv\("(\w+)"', read_all("src/**/*.cpp")))
    named = read_all("src/icecc/settings.cpp", "src/args/variables.h")
    usual |= set(re.findall(r'"([A-Z_]{2,})"', named))
    for variable in usual:
        if not any(page.mentions(variable) for page in pages.values()):
            failures.append(f"{variable} is read, and no page tells of it")


def check_page(page, pages):
    for section in SECTIONS[page.section]:
        if section not in page.sections:
            failures.append(f"{page.path.name} has no section {section}")
    for name, section in re.findall(r"^\.Xr (\S+) (\d)", page.text, re.M):
        ours = name.startswith("ice")
        if ours and (name not in pages or pages[name].section != section):
            failures.append(f"{page.path.name} refers to {name}({section}), which does not exist")
    named = re.search(r"^\.Dt (\S+) (\d)$", page.text, re.M)
    if (named[1].lower(), named[2]) != (page.name, page.section):
        failures.append(f"{page.path.name} calls itself {named[1]} {named[2]}")


pages = {page.name: page for page in map(Page, (stage / "share/man").glob("man?/*"))}
installed = {program.name: program for program in programs()}
check_same("installed programs", set(installed), set(pages) - {"icecream", "icecream.conf"})
for name in sorted(set(installed) & set(pages)):
    check_program(installed[name], pages[name])
for page in pages.values():
    check_page(page, pages)
check_variables(pages)

commands = set(re.findall(r'\{"(\w+)", &Control::', read_all("src/scheduler/control.cpp")))
listed = {w for words in pages["icecc-scheduler"].items("Ic") for w in words if w.islower()}
check_same("commands of the scheduler", commands, listed - {"machine"})

print(f"{len(pages)} pages, {len(installed)} programs")
sys.exit("\n".join(failures) if failures else 0)
