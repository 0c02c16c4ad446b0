#!/usr/bin/env python3
"""Whether distro/REQUIREMENTS.md is true: every id is there once, and its tests exist and name it.

requirements_test.py BUILD
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

SOURCE = Path(os.environ["ICECC_SOURCE"])
IDS = [f"G{n:02}" for n in range(1, 35)] + [f"X{n:02}" for n in range(1, 14)] + \
    [f"I{n:02}" for n in range(1, 5)]


def sources_by_test(build):
    """The sources of each test of this build: a script and what it may read, or a unit test's folder."""
    answer = json.loads(subprocess.run(["ctest", "--test-dir", build, "--show-only=json-v1"], check=True,
                                       stdout=subprocess.PIPE, text=True).stdout)
    sources = {}
    for test in answer["tests"]:
        name, words = test["name"], test.get("command", [])
        scripts = [Path(word) for word in words if Path(word).is_file()
                   and SOURCE / "tests" in Path(word).resolve().parents]
        found = [path for script in scripts for path in [script, *script.parent.glob("*.sh")]]
        if name.startswith("unit."):
            folder = name.removeprefix("unit.").split("_")[0]
            found += (SOURCE / "tests/unit" / folder).rglob("*.cpp")
        sources[name] = found
    return sources


def rows():
    """(id, names of tests) of each line of the table."""
    for line in (SOURCE / "distro/REQUIREMENTS.md").read_text().splitlines():
        match = re.match(r"\| ([GXI]\d\d) \| [^|]+ \| ([^|]+) \|", line)
        if match:
            yield match[1], match[2].split()


def main():
    sources = sources_by_test(sys.argv[1])
    table = list(rows())
    wrong = []
    for wanted in IDS:
        lines = [tests for name, tests in table if name == wanted]
        if len(lines) != 1 or not lines[0]:
            wrong.append(f"{wanted} has {len(lines)} lines, or no test")
    for name, tests in table:
        for test in tests:
            texts = "".join(path.read_text(errors="replace") for path in sources.get(test, []))
            if not texts:
                wrong.append(f"{name}: there is no test {test}")
            elif not re.search(rf"\b{name}\b", texts) and not in_a_range(name, texts):
                wrong.append(f"{name}: {test} does not say that it shows it")
    print("\n".join(wrong) or f"{len(IDS)} requirements, each with tests that name it")
    sys.exit(1 if wrong else 0)


def in_a_range(name, text):
    """Whether a text says, for example, "G20 to G31" of G25."""
    return any(low[0] == name[0] and low <= name <= high
               for low, high in re.findall(r"\b([GXI]\d\d) to ([GXI]\d\d)\b", text))


main()
