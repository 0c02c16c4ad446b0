"""What is compiled: generated sources, the same for everybody and for every run."""

from dataclasses import dataclass, field
from pathlib import Path

TINY = """\
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct item{n} {{ int key; char name[16]; struct item{n}* next; }};

struct item{n}* add{n}(struct item{n}* list, int key, const char* name) {{
    struct item{n}* item = malloc(sizeof *item);
    if (!item)
        return list;
    item->key = key * {n};
    strncpy(item->name, name, sizeof item->name - 1);
    item->next = list;
    return item;
}}

void show{n}(const struct item{n}* list) {{
    for (; list; list = list->next)
        printf("%d: %s\\n", list->key, list->name);
}}
"""

LARGE = """\
{headers}
#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace unit{n} {{

struct Record {{ std::string name; std::vector<double> values; int weight = {n}; }};

std::map<std::string, std::vector<Record>> group(std::vector<Record> records) {{
    std::map<std::string, std::vector<Record>> groups;
    std::sort(records.begin(), records.end(),
              [](const Record& a, const Record& b) {{ return a.weight < b.weight; }});
    for (auto& record : records)
        groups[record.name.substr(0, {n} % 7)].push_back(std::move(record));
    return groups;
}}

{body}
}} // namespace unit{n}
"""

ABSEIL_HEADERS = """\
#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
"""
ABSEIL_BODY = """\
std::string summary(const absl::flat_hash_map<std::string, Record>& records, absl::Time when) {{
    std::string text = absl::FormatTime(when);
    for (const auto& [key, record] : records)
        absl::StrAppend(&text, key, "=", absl::StrFormat("%s/%d", record.name, record.weight * {n}));
    std::vector<std::string> parts = absl::StrSplit(text, '=');
    return parts.back();
}}
"""
PLAIN_HEADERS = "#include <chrono>\n#include <iostream>\n#include <regex>\n#include <sstream>\n"
PLAIN_BODY = """\
std::string summary(const std::unordered_map<std::string, Record>& records) {{
    std::ostringstream text;
    for (const auto& [key, record] : records)
        if (std::regex_match(key, std::regex("[a-z]+{n}")))
            text << key << '=' << record.name;
    return text.str();
}}
"""


@dataclass
class Workload:
    name: str
    compiler: str
    options: list
    sources: list = field(default_factory=list)
    note: str = ""

    def words(self, source):
        return [*self.options, "-c", source, "-o", f"{source}.o"]


def have_abseil():
    return Path("/usr/include/absl/strings/str_cat.h").exists()


def tiny(count):
    work = Workload("tiny", "gcc", ["-O2"], note=f"{count} tiny C files")
    work.sources = [(f"tiny{n}.c", TINY.format(n=n)) for n in range(count)]
    return work


def large(count):
    headers, body = (ABSEIL_HEADERS, ABSEIL_BODY) if have_abseil() else (PLAIN_HEADERS, PLAIN_BODY)
    kind = "abseil headers" if have_abseil() else "no libabsl-dev: standard headers"
    work = Workload("large", "g++", ["-O2", "-std=c++17"], note=f"{count} C++ units, {kind}")
    work.sources = [(f"large{n}.cpp", LARGE.format(n=n, headers=headers, body=body.format(n=n)))
                    for n in range(count)]
    return work


def write(work, folder):
    folder.mkdir(parents=True)
    for name, text in work.sources:
        (folder / name).write_text(text)
    (folder / "words").write_text(
        "".join(" ".join(work.words(name)) + "\n" for name, _ in work.sources))
