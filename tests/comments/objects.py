"""objects.py REDUCE_COMMENTS: compiles units from their whole preprocessed text and from what a
client sends of it, as a helper does; objects and expanded texts must be the same, byte by byte."""

import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from shutil import which

PREPROCESSED = ["-fpreprocessed", "-fdirectives-only"]

C_HEADERS = """assert complex ctype errno fenv float inttypes iso646 limits locale math setjmp signal
    stdalign stdarg stdatomic stdbool stddef stdint stdio stdlib stdnoreturn string tgmath threads
    time uchar wchar wctype dirent fcntl netdb poll pthread regex semaphore spawn termios unistd
    sys/mman sys/socket sys/stat sys/time sys/types sys/wait""".split()

C_BODY = """
int used(const char* text) { /* the user's */
    switch (text[0]) {
    case 'a': puts("// a"); /* fall through */
    case '"': return (int) strlen(text); // and so on
    }
    return isalpha(text[1]) ? atoi(text) : 0;
}
"""

CXX_BODY = r"""
struct Printed { // the user's
    std::string text = "/* \"no\" */"; /* here
    and there */ int number = 1;
};
void print(const Printed& printed) { std::cout << printed.text << '"' << printed.number; }
std::map<std::string, std::vector<int>> groups(const std::vector<Printed>& all) {
    std::map<std::string, std::vector<int>> result;
    for (const auto& one : all) result[one.text].push_back(one.number);
    return result;
}
"""

RAW_STRINGS = r"""
#include <string>
const char* const texts[] = {R"(// no)", R"x(/* )" " )x", (const char*) u8R"(
# 1 "/usr/include/none.h" 1 3
/* " )", "a\
// b", "FOOR" "(", R"(\)", "\"/*"};
const int numbers[] = {1'000, 0xff'ff, '"', L'/', 'a'};
#include <vector>
int count(const std::vector<int>& all) { return static_cast<int>(all.size()); }
"""


@dataclass(frozen=True)
class Unit:
    name: str
    language: str
    text: str
    options: tuple[str, ...] = ("-g", "-O0")


def include(headers):
    return "".join(f"#include <{header}>\n" for header in headers)


def units():
    headers = [f"{name}.h" for name in C_HEADERS]
    for header in headers:
        yield Unit(header, "c", include([header]))
    everything = include(headers) + C_BODY
    for options in [("-O2", "-g"), ("-g3", "-std=c99"), ("-g", "-std=gnu89"),
                    ("-g", "-std=c17", "-D_GNU_SOURCE", "-Wall", "-Wextra")]:
        yield Unit("all C headers", "c", everything, options)
    yield Unit("raw strings", "c++", RAW_STRINGS, ("-g", "-O2"))
    yield Unit("raw strings, trigraphs", "c++", RAW_STRINGS, ("-g", "-std=c++17"))
    some = include(["string", "iostream", "map", "vector"]) + CXX_BODY
    yield Unit("some C++ headers", "c++", some, ("-g3", "-std=c++11", "-Wall", "-Wextra"))
    yield Unit("all C++ headers", "c++", include(["bits/stdc++.h"]) + CXX_BODY)


def run(command, text=b""):
    done = subprocess.run(command, input=text, capture_output=True, timeout=300)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}: {done.stderr.decode(errors='replace')[:2000]}")
    return done.stdout, done.stderr


class Comparison:
    def __init__(self, tool, directory):
        self.tool = tool
        self.object = str(Path(directory) / "unit.o")

    def compiled(self, unit, text):
        """What becomes of a text on a helper: its tokens and their places, object, messages."""
        command = ["gcc", "-x", unit.language, *unit.options, *PREPROCESSED, "-"]
        expanded, _ = run([*command, "-E"], text)
        _, messages = run([*command, "-c", "-o", self.object], text)
        return expanded, Path(self.object).read_bytes(), messages

    def check(self, unit):
        command = ["gcc", "-x", unit.language, *unit.options, "-E", "-fdirectives-only", "-"]
        whole, _ = run(command, unit.text.encode())
        reduced, _ = run([self.tool, unit.language.upper()], whole)
        print(f"{unit.name} {' '.join(unit.options)}: {len(whole)} to {len(reduced)} bytes")
        wrong = []
        if reduced.count(b"\n") != whole.count(b"\n"):
            wrong.append("number of lines")
        pairs = zip(self.compiled(unit, whole), self.compiled(unit, reduced))
        names = ("expanded text", "object", "messages")
        wrong += [name for name, (one, other) in zip(names, pairs) if one != other]
        if len(unit.text) > 100 and len(reduced) > len(whole) * 0.9:
            wrong.append("size: the filter gave up")
        if wrong:
            print(f"  differs: {', '.join(wrong)}")
        return not wrong


def main():
    if which("gcc") is None or which("g++") is None:
        return 77
    with tempfile.TemporaryDirectory() as directory:
        comparison = Comparison(sys.argv[1], directory)
        results = [comparison.check(unit) for unit in units()]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
