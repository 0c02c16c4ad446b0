#!/usr/bin/env python3
"""Diagnostics of a remote compile are the local ones, byte for byte, without a second compile."""

import sys

import cluster
import sources
import suites
from fidelity import LOCAL, TWICE, Case, about, check

UTF8 = {"LC_ALL": "C.UTF-8"}
COLOURS = {"LC_ALL": "C.UTF-8", "GCC_COLORS": "error=01;35:warning=01;36:quote=04"}

FILES = {
    "warn.h": "static inline int\tfrom_header(int a)   {\n\tint unused;\n\treturn a;\n}\n",
    "warn.c": """#include <stdio.h>
#include "warn.h"
#define   TWICE(x)    ((x)  *  2)
int f(int  a,\tint b) { // "comment"
\tint   unused = TWICE(a) ;
\tif (a = b)
\t\tprintf("%s\\n", "don't");
\tchar *s = "h\u00e9 \u65e5\u672c" ; int zz\\
 = 3;
\tswitch (a) { case 1: b++; case 2: b--; /* fallthrough */ case 3: b++; }
\treturn   b;
}
""",
    "format.c": """#include <stdio.h>
void f(void) { printf("%d %s", 1L); }
""",
    "macro.c": """#define BAD(x)   do { int y = (x) ; } while (0)
#define LESS(a, b) ((a)   <   (b))
int f(int a, unsigned b) {
    BAD(a);
    return LESS(a, b);
}
""",
    "system.c": """#include <string.h>
#include <stdlib.h>
void f(char *to) { strncpy(to, "four", 4); int x; }
int old(void) __attribute__((deprecated));
int g(void) { return old(); }
char *h(void) { return mktemp(0); }
""",
    "directive.c": "#warning look here\n#if FOO\n#endif\nint f(void) { int x; return 0; }\n",
    "only_directive.c": "#warning look here\nint f(void) { return 0; }\n",
    "in_function.c": "int f(void) {\n#warning look here\n    return 0;\n}\n",
    "fixit.c": "struct s { int color; };\nint f(struct s* p) { return p->color; }\n"
               "int g(void) { return puts(\"x\"); }\n",
    "warn.cpp": """#include <string>
#include <vector>
#include "warn.h"
template <class T>
struct Box {
\tT value;
\tint get(int  unused) const { int   local; return   value  <  sizeof(T); }
};
struct Base { virtual void f(int); };
struct Derived : Base { virtual void f(double); };
int use(const std::vector<std::string>& names) {
    Box<int> box{3};
    for (const auto  name : names)
        if (name.size() > -1)
            return box.get(1);
}
""",
    "indent.c": """#define CALL(x) f(x)
int f(int);
int g(int a) {
\tif (a)
\t    f(1); /* not all */
            f(2);
    for (int i = 0; i < a; i++)
        CALL(i);
        CALL(a);
    return a;
}
""",
    "aligned.c": """int f(int);
int g(int a) {
    if (a)
        f(1);
    else if (a > 2) {
        f(2);
    }
    switch (a) {
    case 1:
        while (f(a)) f(3);
        f(4);
    default:
        do f(5); while (f(6));
    }
    return a;
}
""",
    "quiet.c": "int quiet(void) { return 1; }\n",
}


def cases(compiler, cxx):
    """What both compilers know."""
    return [
        Case("silence", f"{compiler} -Wall -c quiet.c"),
        Case("warnings", f"{compiler} -Wall -Wextra -c warn.c"),
        Case("warnings in UTF-8", f"{compiler} -Wall -Wextra -O2 -c warn.c", env=UTF8),
        Case("C++", f"{cxx} -Wall -Wextra -Woverloaded-virtual -std=c++17 -c warn.cpp", env=UTF8),
        Case("an unused function", f"{compiler} -Wall -Wunused-macros -c warn.c", where=TWICE),
        Case("an error", f"{compiler} -Werror -Wall -c warn.c", where=TWICE, fails=True),
        Case("no option", f"{compiler} -Wall -Wno-such -c quiet.c"),
        Case("of the preprocessor", f"{compiler} -Wall -c only_directive.c"),
        Case("of both halves", f"{compiler} -Wall -Wundef -c directive.c", where=TWICE),
        Case("colours", f"{compiler} -Wall -fdiagnostics-color=always -c warn.c", env=UTF8),
    ]


GCC = [
    *cases("CC gcc", "CC g++"),
    Case("colours of one's own", "CC gcc -Wall -fdiagnostics-color=always -c warn.c", env=COLOURS),
    Case("no excerpts", "CC gcc -Wall -fno-diagnostics-show-caret -c warn.c"),
    Case("of the preprocessor, in a function", "CC gcc -Wall -c in_function.c", where=TWICE),
    Case("formats", "CC gcc -Wall -c format.c", where=TWICE),
    Case("misleading indentation", "CC gcc -Wall -c indent.c", env=UTF8, where=TWICE),
    Case("misleading indentation", "CC gcc -Wmisleading-indentation -pedantic -c indent.c",
         where=TWICE),
    Case("misleading indentation", "CC g++ -Werror -Wall -x c++ -c indent.c", where=TWICE,
         fails=True),
    Case("indentation nobody asked for", "CC gcc -Wno-misleading-indentation -Wall -c indent.c"),
    Case("plain indentation", "CC gcc -Wall -Wextra -Wno-implicit-fallthrough -c aligned.c"),
    Case("formats", "CC gcc -Wall -fno-diagnostics-show-option -c format.c", where=TWICE),
    Case("macros", "CC gcc -Wall -Wextra -c macro.c", env=UTF8, where=TWICE),
    Case("system headers", "CC gcc -Wall -O2 -c system.c", env=UTF8, where=TWICE),
    Case("respelled lines", "CC gcc -Wall -Wextra -pedantic -c warn.c", env=UTF8, where=TWICE),
    Case("as JSON", "CC gcc -Wall -fdiagnostics-format=json -c warn.c", where=TWICE),
    Case("nothing, as JSON", "CC gcc -Wall -fdiagnostics-format=json -c quiet.c"),
    Case("fix-its", "CC gcc -Wall -fdiagnostics-parseable-fixits -c fixit.c", where=TWICE),
    Case("a missing header", "CC gcc -Wall -c fixit.c"),
    Case("links", "CC gcc -Wall -fdiagnostics-urls=always -c warn.c", env=UTF8),
    Case("narrow", "CC gcc -Wall -fmessage-length=40 -c warn.c", where=TWICE),
    Case("what the analyzer says", "CC gcc -fanalyzer -c system.c", where=TWICE),
    Case("upstream's way", "CC gcc -Wall -c warn.c", env={"ICECC_CARET_WORKAROUND": "1"},
         where=TWICE),
    Case("all expanded here", "CC gcc -Wall -c fixit.c", env={"ICECC_REMOTE_CPP": "0"}),
]

CLANG = [
    *cases("CC clang", "CC clang++"),
    Case("whole paths", "CC clang -Wall -fdiagnostics-absolute-paths -c warn.c", where=TWICE),
    Case("an unused option of modules", "CC clang -fmodules-search-all -fcxx-modules -c quiet.c"),
    Case("a wrong option of modules", "CC clang -fmodules-prune-after=never -c quiet.c",
         where=TWICE, fails=True),
    Case("no option of gcc's", "CC gcc -fcxx-modules -c quiet.c", where=TWICE, fails=True),
    Case("tradition", "CC clang -traditional-cpp -c quiet.c", where=TWICE, fails=True),
    Case("tradition", "CC gcc -traditional -c quiet.c", where=TWICE, fails=True),
    Case("macros", "CC clang -Wall -Wextra -c macro.c", env=UTF8),
    Case("all expanded here", "CC clang -Wall -c macro.c", env={"ICECC_REMOTE_CPP": "0"},
         where=TWICE),
]

TERMINAL = {"TERM": "xterm-256color", **UTF8}
TERMINALS = [
    Case("on a terminal", "CC gcc -Wall -Wextra -c warn.c", terminal=True, env=TERMINAL),
    Case("on a terminal", "CC clang -Wall -Wextra -c warn.c", terminal=True, env=TERMINAL),
    Case("on a narrow terminal", "CC gcc -Wall -Wextra -c warn.c", terminal=True,
         env={**TERMINAL, "COLUMNS": "40"}, where=TWICE),
    Case("on a narrow terminal", "CC clang -Wall -Wextra -c warn.c", terminal=True,
         env={**TERMINAL, "COLUMNS": "40"}),
    Case("on a dumb terminal", "CC gcc -Wall -c warn.c", terminal=True, env={"TERM": "dumb"}),
    Case("on a terminal of no name", "CC gcc -Wall -c warn.c", terminal=True, where=TWICE),
    Case("links asked for", "CC gcc -Wall -c warn.c", terminal=True,
         env={**TERMINAL, "GCC_URLS": "bel"}),
    Case("of the preprocessor, on a terminal", "CC gcc -c only_directive.c", terminal=True,
         env=TERMINAL, where=TWICE),
    Case("silence on a terminal", "CC gcc -Wall -c quiet.c", terminal=True, env=TERMINAL),
]

HERE = [
    Case("the date", "CC gcc -c date.c",
         files={"date.c": "const char* d = __DATE__;\n"}, env={"SOURCE_DATE_EPOCH": "86400"}),
    Case("the date of a macro", "CC gcc '-DNOW=__DATE__' -c quiet.c"),
    Case("nowhere", "CC gcc -Wall -c warn.c 2>&-", where=LOCAL, fails=True),
    Case("another debugging", "CC gcc -c quiet.c", env={"GCC_COMPARE_DEBUG": "-gtoggle"},
         where=LOCAL),
    Case("verbose", "CC gcc -v -c quiet.c 2>/dev/null", where=TWICE),
]


def main(net):
    """diagnostics_test.py gcc|clang"""
    trio = suites.Trio(net, suites.chosen())
    check(trio.client, about(sys.argv[1], [*GCC, *CLANG, *TERMINALS, *HERE]), FILES)


cluster.run(main)
