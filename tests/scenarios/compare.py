"""What two compiles left, and whether that is the same."""

import re
import subprocess
import tempfile
from pathlib import Path

NEVER_THE_SAME = (".gch", ".pch")  # one compiler makes another one every time
# What may differ in a dump of debug information: the compiler's switches, and where in .debug_str they
# moved the rest; gcc's random name for split parts; clang's files, which it counts by their checksums.
MAY_DIFFER = re.compile(r".*DW_AT_(?:producer|decl_file|call_file).*\n|.*DWO ID:.*\n|Length: +0x.*\n|"
                        r"\((?:indirect string|strp|line_strp|indirect line string)\W.*?offset: 0x[0-9a-f]+\)|"
                        r"\((?:indexed string|strx\d?)[^)]*\): .*\n|^/.*:\n|^\n", re.M)


def files_in(where):
    """All files by name."""
    return {str(path.relative_to(where)): path.read_bytes() for path in sorted(where.rglob("*"))
            if path.is_file() and path.suffix not in NEVER_THE_SAME}


def told(folder, *words):
    return subprocess.run(words, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          check=True).stdout


def without_switches(content):
    """An object's code, and its debug information without the compiler's switches."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "object").write_bytes(content)
        told(folder, "objcopy", "--strip-debug", "object", "stripped")
        information = told(folder, "readelf", "--debug-dump=info,decodedline,no-follow-links", "--wide",
                           "object").decode(errors="replace")
        return Path(folder, "stripped").read_bytes(), MAY_DIFFER.sub("", information)


def same(one, other, debug):
    return one == other or (debug and without_switches(one) == without_switches(other))


def differences(expected, found, debug):
    for key, value in expected.items():
        if key == "files":
            new = found[key]
            missing, more = sorted(value.keys() - new.keys()), sorted(new.keys() - value.keys())
            other = [name for name in sorted(value.keys() & new.keys())
                     if not same(value[name], new[name], debug)]
            if missing or more or other:
                yield f"files missing: {missing}, too many: {more}, different: {other}"
        elif value != found[key]:
            yield f"{key} is {found[key]!r} instead of {value!r}"
