#!/usr/bin/env python3
"""The pages a newcomer reads: each topic fits a screen, links lead somewhere, and what is called a
file, a preset, a test folder or a command of this tree is one.

pages_test.py SOURCE
"""
import json
import pathlib
import re
import sys

source = pathlib.Path(sys.argv[1])
TOPICS = ["gentoo", "exherbo", "cross-compiling", "ccache", "security", "ports"]
ONE_SCREEN = 60
LONGEST_LINE = 120
failures = []


def fail(text):
    failures.append(text)


readme = (source / "README.md").read_text()
for topic in TOPICS:
    page = source / "doc" / f"{topic}.md"
    if not page.exists():
        fail(f"there is no {page}")
        continue
    lines = page.read_text().splitlines()
    if len(lines) > ONE_SCREEN:
        fail(f"doc/{topic}.md has {len(lines)} lines: more than one screen")
    if any(len(line) > LONGEST_LINE for line in lines if not line.startswith("|")):
        fail(f"doc/{topic}.md has a line longer than {LONGEST_LINE}")
    if f"(doc/{topic}.md)" not in readme:
        fail(f"README.md does not link doc/{topic}.md")

markdown = [*source.glob("*.md"), *source.glob("doc/*.md"), *source.glob("distro/**/*.md")]
for page in markdown:
    text = page.read_text()
    for target in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", text):
        if "://" not in target and not (page.parent / target).exists():
            fail(f"{page.relative_to(source)} links {target}, which does not exist")
    for script in re.findall(r"(?<![\w/.])((?:scripts|bench)/[\w./-]*\w)", text):
        if not (source / script).exists():
            fail(f"{page.relative_to(source)} names {script}, which does not exist")

contributing = (source / "CONTRIBUTING.md").read_text()
presets = json.loads((source / "CMakePresets.json").read_text())["configurePresets"]
for preset in (p["name"] for p in presets if not p.get("hidden")):
    if f"| `{preset}` |" not in contributing:
        fail(f"CONTRIBUTING.md does not explain the preset {preset}")
for folder in re.findall(r"`(tests/[\w/-]+)", contributing):
    if not (source / folder).is_dir():
        fail(f"CONTRIBUTING.md tells of {folder}, which does not exist")

sys.exit("\n".join(failures) if failures else 0)
