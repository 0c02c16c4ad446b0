#!/usr/bin/env python3
"""No output of a compile may be lost, and none may differ: whatever an option makes a compiler
write lies where a local compile puts it, whoever compiled."""

import sys

import cluster
import suites
from fidelity import ANYWHERE, LOCAL, REMOTE, TWICE, Case, about, check

FILES = {
    "a.c": """#include "sub/b.h"
int twice(int x) { return 2 * x; }
float sum(const float* a, int n) {
    float s = 0;
    for (int i = 0; i < n; i++)
        s += a[i] > LIMIT ? LIMIT : a[i];
    return s + (float)twice(n);
}
""",
    "sub/b.h": "#define LIMIT 7.5f\nint twice(int);\n",
    "main.c": "int twice(int);\nint main(void) { return twice(2) - 4; }\n",
    "b.cpp": "#include \"sub/b.h\"\ntemplate <class T> T half(T x) { return x / 2; }\n"
             "int thing(int x) { return half(x) + twice(x); }\n",
    "sub/list.txt": "fun:twice\n",
    "sub/flags": "-DFROM_FILE -O1\n",
}

# Option, and the files whose bytes are not the same in two compiles: they tell the time, temporary
# names or addresses; or, with debug information, how the compiler was started.
SIDE_FILES = {
    "gcc": [
        ("-fstack-usage",), ("-save-temps",), ("-save-temps=obj",), ("-save-temps=cwd",),
        ("-fcallgraph-info",), ("-fcallgraph-info=su,da",), ("-fopt-info-all=sub/opt.txt",),
        ("-O3 -fopt-info-vec-missed=opt.txt",), ("-O3 -fopt-info",), ("-aux-info sub/aux.txt",),
        ("-Wa,-al=sub/list.lst", "sub/list.lst"), ("-g -Wa,-al=list.lst,-g", "list.lst"), ("-Wa,-ahln",),
        ("-Wa,--MD,sub/as.d", "sub/as.d"), ("-O2 -fsave-optimization-record", "sub/a.c.opt-record.json.gz"),
        ("-fdump-tree-all", "*"), ("-fdump-rtl-final", "*"), ("-fdump-ipa-cgraph=sub/cgraph", "sub/cgraph"),
        ("-fdump-go-spec=sub/go",), ("-fdump-ada-spec",), ("-da", "*"), ("-dA -S -o sub/a.s",),
        ("-dumpdir sub/x- -fstack-usage",), ("-dumpbase other -fstack-usage",),
        ("-MMD",), ("-MD -MF sub/deps",), ("-MMD -MP -MT goal -MQ 'a$b'",), ("-Wp,-MMD,sub/deps",),
        ("-MD -MFjoined",), ("-g -gsplit-dwarf", "*.dwo"), ("-g -gsplit-dwarf -gdwarf-4", "*.dwo"),
        ("--coverage", "sub/a.o", "sub/a.gcno"), ("-ftest-coverage", "sub/a.gcno", "sub/a.o"),
        ("-fprofile-arcs", "sub/a.o"), ("-fprofile-generate=sub/p", "sub/a.o"),
        ("-fcompare-debug",), ("-H",), ("-fverbose-asm -S -o sub/a.s",),
        ("-fdiagnostics-generate-patch -Wall",),
        ("@sub/flags",), ("-march=native",), ("-frecord-gcc-switches",), ("-flto", "*.o"), ("-pg",),
        ("-O2 -S -o sub/a.s",), ("-specs=/dev/null",),
    ],
    "clang": [
        ("-fstack-usage",), ("-save-temps",), ("-save-temps=obj",), ("-save-stats", "a.stats"),
        ("-ftime-trace", "sub/a.json"), ("-MJ sub/a.json",), ("-O2 -fsave-optimization-record",),
        ("-O2 -foptimization-record-file=sub/opt.yaml",), ("-O2 -Rpass=.*",),
        ("--serialize-diagnostics sub/a.dia",), ("-emit-llvm",), ("-emit-llvm -S -o sub/a.ll",),
        ("-MMD",), ("-MD -MF sub/deps",), ("-Wp,-MMD,sub/deps",), ("-g -gsplit-dwarf", "*.dwo", "*.o"),
        ("-g -gsplit-dwarf=single", "*.o"), ("--coverage", "sub/a.gcno", "sub/a.o"),
        ("-fprofile-instr-generate",), ("-fprofile-instr-generate -fcoverage-mapping",),
        ("-fprofile-generate=sub/p",), ("-march=native",), ("-g -fdebug-compilation-dir=/x", "*.o"),
        ("-g -ffile-compilation-dir=/x", "*.o"), ("-g -fdebug-prefix-map=sub=y", "*.o"),
        ("-fproc-stat-report=sub/stat.csv", "sub/stat.csv"), ("-H",), ("-flto",),
        ("-fsanitize=address -fsanitize-ignorelist=sub/list.txt",), ("-fembed-bitcode",),
        ("-Xclang -dependency-file -Xclang sub/x.d -Xclang -MT -Xclang x",), ("-fcrash-diagnostics-dir=sub",),
        ("-g -fdebug-default-version=4",), ("-grecord-command-line",), ("-g -grecord-gcc-switches",),
        ("-frecord-command-line",),
    ],
}

# What has to be done by the helper all the same.
DISTRIBUTED = {
    "gcc": {"-MMD", "-MD -MF sub/deps", "-Wp,-MMD,sub/deps", "-MD -MFjoined", "-march=native",
            "-g -gsplit-dwarf", "@sub/flags", "-O2 -S -o sub/a.s", "-pg"},
    "clang": {"-MMD", "-MD -MF sub/deps", "-Wp,-MMD,sub/deps", "-march=native", "-g -gsplit-dwarf",
              "-g -fdebug-compilation-dir=/x", "-g -fdebug-prefix-map=sub=y"},
}

POPPED = """#include <stddef.h>
void* malloc(size_t);
void* my_malloc(size_t, int);
#define malloc(n) my_malloc(n, __LINE__)
{}
#undef malloc
#include <stdlib.h>
{}
void* f(void) {{ return malloc(8); }}
#ifdef malloc
int came_back;
#endif
"""
TRAIN = "{0} {1} -c main.c a.c && {0} {1} main.o a.o -o x && ./x && rm main.o a.o x && "
WRONG_CODE = [
    Case("a profile beside the object", TRAIN.format("gcc", "-O2 -fprofile-generate") +
         "CC gcc -O2 -fprofile-use -c a.c", ANYWHERE, times=("*.gcda",)),
    Case("a folder of profiles", TRAIN.format("gcc", "-O2 -fprofile-generate=$PWD/sub") +
         "CC gcc -O2 -fprofile-use=sub -c a.c", ANYWHERE, times=("*.gcda",)),
    Case("several native options", "CC gcc -O3 -march=native -mtune=native -c a.c", REMOTE),
    Case("C++ for this processor", "CC clang++ -O3 -march=native -c b.cpp", REMOTE),
    Case("include paths of the environment", "CC gcc -c main.c -include b.h", REMOTE,
         env={"CPATH": "sub"}),
    Case("dependencies by the environment", "CC gcc -c a.c -o sub/a.o", ANYWHERE,
         env={"DEPENDENCIES_OUTPUT": "sub/env.d goal"}),
    Case("the time of day", "CC gcc -c t.c", REMOTE, env={"SOURCE_DATE_EPOCH": "1"},
         files={"t.c": "const char t[] = __DATE__ __TIME__ __TIMESTAMP__ __FILE__;\n"}),
    Case("the time of day for clang", "CC clang -c t.c", REMOTE,
         files={"t.c": "const char t[] = __TIMESTAMP__ __FILE__ __BASE_FILE__;\n"}),
    Case("a macro that comes back", "CC gcc -O1 -c m.c", REMOTE, files={"m.c": POPPED.format(
        "#pragma push_macro(\"malloc\")", "#pragma pop_macro(\"malloc\")")}),
    Case("a macro that comes back by an operator", "CC gcc -O1 -c m.c", REMOTE, files={"m.c": POPPED.format(
        '_Pragma("push_macro(\\"malloc\\")")', '_Pragma("pop_macro(\\"malloc\\")")')}),
    Case("macros of another processor", "CC gcc -O1 -c p.c", TWICE, files={
        "p.c": '#pragma GCC target("avx2")\n#ifdef __AVX2__\nint avx2;\n#endif\nint x;\n'}),
    Case("macros of another processor by an operator", "CC gcc -O1 -c p.c", TWICE, files={
        "p.c": '#define FAST _Pragma("GCC optimize(\\"Ofast\\")")\nFAST\n'
               '#ifdef __FAST_MATH__\nint fast;\n#endif\nint x;\n'}),
    Case("macros of another processor by an operator alone", "CC gcc -O1 -c p.c", TWICE, files={
        "p.c": 'int x; _Pragma("GCC target(\\"avx2\\")")\n'
               '#ifdef __AVX2__\nint avx2;\n#endif\n'}),
    Case("macros of another processor, all expanded here", "CC gcc -O1 -c p.c", TWICE, files={
        "p.c": '#pragma GCC target("avx2")\n#ifdef __AVX2__\nint avx2;\n#endif\n'
               'const char t[] = __DATE__;\n'}, env={"SOURCE_DATE_EPOCH": "1"}),
    Case("intrinsics of another processor", "CC gcc -O1 -c i.c", REMOTE, files={
        "i.c": "#include <immintrin.h>\nint x;\n"}),
    # Whoever reads a pipe reads it for good, also for a second compile.
    Case("a broken source from a pipe", "echo 'int f(void) { return x; }' | "
         "CC gcc -x c -c /dev/stdin -o a.o", LOCAL, fails=True),
    Case("a header from a pipe", "echo '#define X y' | CC gcc -include /dev/stdin -c x.c", LOCAL,
         files={"x.c": "int f(void) { return X; }\n"}, fails=True),
    Case("words from a pipe", "echo -O2 | CC clang @/dev/stdin -c a.c -o a.o", LOCAL),
    Case("words from a pipe, for gcc", "echo -c | CC gcc @/dev/stdin main.c a.c", LOCAL, fails=True),
    Case("words that never end", "echo @words >words; CC gcc @words -c a.c 2>/dev/null", LOCAL, fails=True),
    Case("a poisoned name", "CC gcc -c p.c", ANYWHERE, fails=True,
         files={"p.c": "#pragma GCC poison gets\nint gets;\n"}),
    Case("a directory to be quoted", "mkdir 'a\\b' && cd 'a\\b' && cp ../main.c . && CC gcc -c main.c "
         "-g -gno-record-gcc-switches", LOCAL),
    Case("a version of macOS", "CC clang --target=x86_64-apple-darwin -c main.c", LOCAL,
         env={"MACOSX_DEPLOYMENT_TARGET": "10.9"}),
    Case("a clang of another name", "ln -s $(command -v clang) my-clang && CC ./my-clang -c main.c",
         REMOTE),
    Case("the source as output", "CC gcc -c a.c -o ./a.c", LOCAL, fails=True),
    Case("assembly through a link", "ln -s real.s a.s && CC gcc -S a.c", LOCAL),
    Case("an object through a link to nowhere", "ln -s real.o a.o && CC gcc -c a.c", LOCAL),
    Case("an output without folder", "CC gcc -c a.c -o no/a.o", ANYWHERE, fails=True),
    Case("an output that stays", "touch a.o && CC gcc -fsyntax-only -c a.c", ANYWHERE),
    Case("split debug information of no name", "CC gcc -g -gsplit-dwarf -c a.c -o .o", LOCAL),
    Case("a limit of file sizes", "ulimit -c 0; ulimit -f 200; CC gcc -c big.c", TWICE,
         files={"big.c": "char big[400000] = {1};\n"}, fails=True),
    Case("a broken unit over an old output", "echo old >a.o && CC gcc -c a.c", ANYWHERE, fails=True,
         files={"a.c": "int f(void) { return x; }\n"}),
]

# Scripts for the compiler. A helper runs what is behind them, so they must add nothing to that.
LOOP = ("float sum(const float* a, int n)\n"
        "{ float s = 0; for (int i = 0; i < n; i++) s += a[i] * a[i]; return s; }\n")


# An environment is made of a C compiler, too.
C_OF = {"my-g++": ("my-gcc", "gcc"), "my-clang++": ("my-clang", "clang")}


def script_case(name, line, where, words="-c l.c", script="my-gcc"):
    make = "put() { printf '#!/bin/sh\\n%s\\n' \"$2\" >$1 && chmod +x $1; }; "
    if script in C_OF:
        c, behind = C_OF[script]
        make += f"put {c} 'exec {behind} \"$@\"' && "
    return Case(name, f"{make} put {script} '{line}' && CC ./{script} {words}", where,
                files={"l.c": LOOP, "l.cpp": LOOP})


SCRIPTS = [
    script_case("a script", 'exec gcc "$@"', REMOTE),
    script_case("a script and its words", 'exec /usr/bin/gcc "$@"', REMOTE,
                "-O2 -g -gno-record-gcc-switches -march=native -fPIC -DA='\"x y\"' -c l.c -o sub/l.o"),
    script_case("a script of another name", 'exec g++ "$@"', REMOTE, "-c l.cpp", "my-g++"),
    script_case("a script that optimises", 'exec gcc -O3 "$@"', LOCAL),
    script_case("a script that overrides", 'exec gcc "$@" -O0', LOCAL, "-O2 -c l.c"),
    script_case("a script for libraries", 'exec gcc -fPIC "$@"', LOCAL, "-O2 -c l.c"),
    script_case("a script for C++ by the name of C", 'exec g++ "$@"', LOCAL),
    script_case("a compiler by the script's name", 'exec bash -c "exec -a $0 gcc -O3 '
                '-B$(dirname $(gcc -print-prog-name=cc1))/ $*"', LOCAL),
    script_case("a script that says no more", '[ "$3" ] || exec gcc "$@"', LOCAL),
    script_case("a script around clang", 'exec clang "$@"', REMOTE, "-O2 -c l.c", "my-clang"),
    script_case("a script around clang++", 'exec clang++ "$@"', REMOTE, "-O2 -rdynamic -c l.cpp",
                "my-clang++"),
    script_case("a script for a processor", 'exec clang -mavx2 "$@"', LOCAL, "-O3 -c l.c", "my-clang"),
    script_case("a script named for a target", 'exec clang "$@"', LOCAL, "-c l.c",
                "aarch64-linux-gnu-clang"),
    script_case("a script for a target", 'exec clang --target=aarch64-linux-gnu "$@"', REMOTE,
                "-c l.c", "aarch64-linux-gnu-clang"),
    Case("the script c99", "CC c99 -c main.c", LOCAL),
]


def cases(compiler):
    for options, *times in SIDE_FILES[compiler]:
        output = "" if " -o " in options else "-o sub/a.o"
        where = REMOTE if options in DISTRIBUTED[compiler] else ANYWHERE
        yield Case(options, f"CC {compiler} {options} -c a.c {output}", where, times=tuple(times))


def main(net):
    """outputs_test.py gcc|clang"""
    compiler = sys.argv[1]
    trio = suites.Trio(net, suites.chosen())
    check(trio.client, [*cases(compiler), *about(compiler, [*WRONG_CODE, *SCRIPTS])], FILES)


cluster.run(main)
