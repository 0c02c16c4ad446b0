"""What upstream's tests have compiled, and more: commands, and where they must run.

$CC and $CXX are the compilers, $HERE is the scenario's folder. What a command leaves, says and ends
with must be what the compiler alone leaves, says and ends with.
"""

HELPER, HERE = "on the helper", "here"
EITHER = "on the helper, or there and then here"  # what fails there; only a failure here is final
ANY = "anywhere"

# With $G the debug information is the same to the last byte: it does not name gcc's switches, of
# which a helper gets one more, nor has it the checksum that clang makes of what it is given.
EXACT = {"gcc": "-g -gno-record-gcc-switches", "clang": "-g -gdwarf-4"}


class Scenario:
    """Only for compilers that are clang or gcc if `only` says so, and where all it `needs` is there.
    With `debug`, objects may differ in what EXACT is about."""

    def __init__(self, name, *commands, env=None, only="", needs=(), debug=False):
        self.name, self.env, self.only, self.needs, self.debug = name, env or {}, only, needs, debug
        self.commands = [(words, HELPER) if isinstance(words, str) else words for words in commands]


LANGUAGES = [
    Scenario("C", "$CC -c plain.c", "$CC -O2 -c includes.c -o out.o"),
    Scenario("C++", "$CXX -c plain.cpp", "$CXX -O2 -c includes.cpp -o out.o"),
    Scenario("C++ by the C driver", "$CC -c plain.cpp"),
    Scenario("the object's name", "$CC -c plain.c -oout.o", "$CC -c deep/er/nested.cpp",
             "$CC -c deep/er/nested.cpp -o deep/other.o", "$CC -c plain.c -o $HERE/deep/abs.o",
             "$CC -c $HERE/plain.c"),
    Scenario("assembly", "$CC -S plain.c", "$CXX -O2 -S includes.cpp -o out.s"),
    Scenario("preprocessing", ("$CC -E plain.c -o out.i", HERE), ("$CC -E includes.c", HERE),
             "$CC -c out.i"),
    Scenario("assembler source", ("$CC -c asm.s", HERE), ("$CC -c asm.S", HERE)),
    Scenario("only the syntax", ("$CC -fsyntax-only includes.c", HERE)),
    Scenario("link", "$CC -c main.c", ("$CC main.o -o main.exe", HERE), ("./main.exe", HERE),
             ("$CC main.c -o main2.exe", HERE)),
    Scenario("two sources", ("$CC -c plain.c main.c", HERE)),
    Scenario("standard input", ("$CC -x c -c - -o out.o <plain.c", HERE)),
    Scenario("language by option", "$CXX -x c++ -c noextension -o out.o", "$CC -x c++ -c plain.c"),
    Scenario("forced headers", "$CC -include inc.h -c plain.c", "$CC -include system/sys.h -c plain.c",
             "$CC -imacros inc.h -c plain.c", "$CC -isystem system -c includes.c"),
    Scenario("macros", "$CC -DNUMBER=1 -DTEXT='\"a b\"' '-DCALL(x)=x' -c defined.c",
             "$CC -D NUMBER=1 -D 'TEXT=\"$$\"' -D'CALL(x)=x' -DGONE -UGONE -c defined.c",
             "$CC -DNUMBER -DTEXT=0 -D'CALL(x)=(x)' -DGONE -U GONE -c $HERE/defined.c",
             "$CC -Wp,-DNUMBER=2,-DTEXT=0 '-DCALL(x)=(x)' -c ./defined.c"),
    Scenario("the counter", ("$CXX -c counter.cpp", EITHER)),
    Scenario("the unit's name", ("$CC -c named.c", ANY), ("$CC -c $HERE/named.c -include inc.h", ANY)),
    Scenario("raw strings", "$CXX -std=c++17 -c raw.cpp"),
    Scenario("unused macros", "$CC -Wunused-macros -c macros.c"),
    Scenario("the processor's own options", "$CC -march=native -O2 -c plain.c",
             "$CXX -march=native -mtune=native -c plain.cpp", "$CC -mtune=native -O2 -c plain.c"),
    Scenario("some of the processor's own options", ("$CC -O3 -mno-avx2 -march=native -c calls.c", ANY),
             ("$CC -O3 -march=native -mno-avx2 -mtune=generic -c calls.c", ANY)),
    Scenario("dependencies", "$CC -MD -c includes.c", "$CC -MMD -c includes.c -o deep/out.o",
             "$CC -MMD -MP -MF deps -MT goal -c includes.c",
             "$CXX -MD -MF deps.d -MQ 'a$b' -c includes.cpp",
             ("$CC -M includes.c", HERE), ("$CC -MM includes.c -o rule", HERE)),
    Scenario("response files", "$CC @many.rsp", ("$CC @none.rsp -c plain.c", ANY)),
    Scenario("no input", ("$CC -c missing.c", ANY), ("$CC -c", HERE), ("$CC", HERE)),
    Scenario("no such option", ("$CC -fno-such-option -c plain.c", ANY), ("$CC --no-such -c plain.c", ANY)),
    Scenario("not a place to write", ("$CC -c plain.c -o nowhere/out.o", ANY),
             ("$CC -c plain.c -o /dev/null", HERE), ("$CC -c plain.c -o deep", HERE)),
    Scenario("by the target", "$CC -target x86_64-pc-linux-gnu -c plain.c",
             "$CC --target=x86_64-linux-gnu -c plain.c", "$CC --target=aarch64-linux-gnu -c plain.c",
             only="clang"),
    Scenario("bitcode", ("$CC -emit-llvm -c plain.c", ANY), ("$CC -emit-llvm -S plain.c", ANY), only="clang"),
    Scenario("OpenMP", ("$CC -O2 -fopenmp -c openmp.c", ANY)),
    Scenario("preprocessing here", "$CC -O2 -c includes.c", env={"ICECC_REMOTE_CPP": "0"}),
    Scenario("preprocessing there", "$CXX -O2 -c includes.cpp", env={"ICECC_REMOTE_CPP": "1"}),
    Scenario("forbidden", ("$CC -c plain.c", HERE), env={"ICECC": "no"}),
    Scenario("switched off", ("$CC -c plain.c", HERE), env={"ICECC": "disable"}),
    Scenario("a configure probe", ("cp plain.c conftest.c; $CC -c conftest.c", HERE)),
]

ASSEMBLER = [
    Scenario("words for the assembler", "$CC -Wa,--noexecstack -c plain.c",
             "$CC -Wa,--defsym,MYSYM=3 -c defsym.c", only="gcc"),
    Scenario("a file for the assembler", "$CC -Wa,three.s -c inline.c", only="gcc"),
    Scenario("a listing", ("$CC -pipe -Wa,-al=listing.txt -c plain.c", HERE), only="gcc"),
    Scenario("words for clang's assembler", "$CC -Wa,--noexecstack -c plain.c",
             ("$CC -Wa,-I,system -c plain.c", ANY), only="clang"),
    Scenario("bytes of a file", ("$CC -c incbin.c", ANY)),
]

DIAGNOSTICS = [
    Scenario("warnings", "$CC -Wall -Wextra -c warned.c", "$CXX -Wall -Wextra -c warned.cpp",
             "$CC -w -c warned.c"),
    Scenario("warnings as errors", ("$CXX -Wall -Werror -c warned.cpp", EITHER)),
    Scenario("errors", ("$CC -c wrong.c", EITHER), ("$CXX -c wrong.cpp", EITHER)),
    Scenario("no excerpts", "$CC -fno-diagnostics-show-caret -Wall -c warned.c",
             ("$CXX -fno-diagnostics-show-caret -c wrong.cpp", EITHER), only="gcc"),
    Scenario("no excerpts by clang", "$CC -fno-caret-diagnostics -Wall -c warned.c", only="clang"),
    Scenario("colours", "$CC -fdiagnostics-color=always -Wall -c warned.c",
             ("$CXX -fdiagnostics-color=always -c wrong.cpp", EITHER),
             "$CC -fdiagnostics-color=never -Wall -c warned.c"),
    Scenario("colours in the environment", "$CC -fdiagnostics-color=auto -Wall -c warned.c",
             env={"GCC_COLORS": "error=01;35", "TERM": "xterm"}),
    Scenario("a missing header", ("$CC -c lost.c", ANY)),
    Scenario("the preprocessor's words", "$CC -c told.c", ("$CC -c refused.c", ANY),
             ("$CC -Wall -c told.c -Werror", ANY)),
    Scenario("pedantry", "$CC -Wpedantic -c pedantic.c", ("$CC -pedantic-errors -c pedantic.c", EITHER),
             "$CC -pedantic -std=c99 -c plain.c"),
    Scenario("what is said in another language", "$CC -Wall -c warned.c", env={"LC_ALL": "C.UTF-8"}),
]

GDB = ("gdb -q -batch -nx -ex 'break area' -ex run -ex bt -ex list -ex 'info locals' -ex 'print p.x'"
       " -ex 'info macro SIZE'"
       " -ex 'info source' ./main.exe 2>&1 | grep -v 'Producer\\|process'")
DEBUGGING = [
    Scenario("debug information", "$CC $G -c includes.c", "$CXX $G -O2 -c includes.cpp -o out.o",
             "$CC $G -ggdb -c $HERE/plain.c", "$CXX $G -c deep/er/nested.cpp"),
    Scenario("debug information by default", "$CC -g -c includes.c", "$CXX -g -O2 -c includes.cpp", debug=True),
    Scenario("split debug information", "$CC $G -gsplit-dwarf -c includes.c",
             "cd deep && $CC $G -gsplit-dwarf -c ../includes.c -o ../deep/er/../../out.o"),
    Scenario("split debug information for C++", "$CXX $G -gsplit-dwarf -O2 -c includes.cpp -o deep/er/out.o",
             debug=True),  # gcc makes up an id every time
    Scenario("mapped folders", "$CC $G -fdebug-prefix-map=$HERE=/src -c includes.c",
             "$CC $G -ffile-prefix-map=$HERE=. -c $HERE/includes.c"),
    Scenario("another folder by name", "$CC $G -fdebug-compilation-dir=. -c includes.c",
             "$CC $G -ffile-compilation-dir=/src -c includes.c",
             "$CC $G -Xclang -fdebug-compilation-dir -Xclang /src -c includes.c", only="clang"),
    Scenario("a session of gdb", "$CXX -g3 -c main.cpp", ("$CXX -Wl,--build-id=none main.o -o main.exe", HERE), (GDB, HERE),
             needs=("gdb",), debug=True),
]

SANITIZERS = [
    Scenario("address sanitizer", "$CXX -fsanitize=address $G -c address.cpp",
             "$CXX -O2 -fsanitize=address -c address.cpp"),
    Scenario("undefined behaviour", "$CC -fsanitize=undefined -c union.c",
             "$CC -fsanitize=undefined,address -c union.c"),
    Scenario("threads", "$CC -fsanitize=thread -O1 -c union.c"),
    Scenario("lists of the sanitizers",
             "$CXX -fsanitize=address -fsanitize-blacklist=ignored.txt -c address.cpp",
             "$CXX -fsanitize=address -fsanitize-ignorelist=$HERE/ignored.txt -c address.cpp",
             ("$CXX -fsanitize=address -fsanitize-blacklist=none.txt -c address.cpp", ANY), only="clang"),
    Scenario("integrity of the control flow",
             ("$CXX -fsanitize=cfi -flto -fvisibility=hidden -c address.cpp", HERE), only="clang"),
]

PLUGIN = """$CC -DNEEDED='"'$HERE/needed.txt'"' -shared -fPIC plugin.c -o plugin.so"""
EXTRA = {"ICECC_EXTRAFILES": "$HERE/needed.txt"}
PLUGINS = [
    Scenario("a plugin and its file", (PLUGIN, HERE), "$CC -fplugin=./plugin.so -c plain.c",
             "$CXX -fplugin=$HERE/plugin.so -c includes.cpp", ("$CC -fplugin=./none.so -c plain.c", ANY),
             env=EXTRA, only="gcc"),
    Scenario("a plugin and its file, by the front end", (PLUGIN, HERE), "$CC -fplugin=./plugin.so -c plain.c",
             "$CXX -Xclang -load -Xclang ./plugin.so -c includes.cpp",
             ("$CC -fplugin=./none.so -c plain.c", ANY), env=EXTRA, only="clang"),
    # Or what does it prove that it works with its file?
    Scenario("a plugin without its file", (PLUGIN, HERE),
             ("$CC -fplugin=./plugin.so -c plain.c", EITHER), only="gcc"),
    Scenario("an extra file that is missing", ("$CC -c plain.c", HERE),
             env={"ICECC_EXTRAFILES": "$HERE/none.txt"}),
]

PRECOMPILED = [
    Scenario("precompiled headers", ("$CXX -x c++-header inc.h -o inc.h.gch", HERE),
             "$CXX -include inc.h -c plain.cpp", "$CXX $G -include inc.h -c includes.cpp", only="gcc"),
    Scenario("precompiled header of another folder",
             "mkdir pch; cp inc.h pch; $CXX -include pch/inc.h -c plain.cpp", only="gcc"),
    Scenario("clang's precompiled headers", ("$CXX -x c++-header inc.h -o inc.pch", HERE),
             "$CXX -include-pch inc.pch -c plain.cpp", only="clang"),
    Scenario("as CMake uses them", ("$CXX -Xclang -emit-pch -x c++-header inc.h -o inc.pch", HERE),
             ("$CXX -Xclang -include-pch -Xclang inc.pch -Xclang -include -Xclang inc.h -c plain.cpp", ANY),
             only="clang"),
]

COMPILERS = [
    Scenario("an older compiler", "gcc-11 -O2 -c includes.c", "g++-11 -O2 -c includes.cpp",
             only="gcc", needs=("g++-11",)),
    Scenario("a newer compiler", "clang-15 -O2 -c includes.c", "clang++-15 -O2 -c includes.cpp",
             only="clang", needs=("clang++-15",)),
]

# Whatever these options do to a unit, they do it there as here. Each line is one compile.
OPTIONS = [line.split() for line in """
    -O1 -fPIC -fno-exceptions -fvisibility=hidden -ffunction-sections -fdata-sections -D_FORTIFY_SOURCE=2
    -O3 -fpie -fno-plt -fstack-protector-strong -fomit-frame-pointer -pthread -mavx2 -mtune=haswell
    -Os -fno-pic -fno-omit-frame-pointer -march=x86-64-v3 -fwrapv -fno-strict-aliasing -fno-common -pipe
    -Ofast -ffast-math -fshort-enums -funsigned-char -fcommon -fno-builtin -fno-asynchronous-unwind-tables
    -O2 -ftrapv -fno-inline -fcf-protection=full -fstack-clash-protection -fno-semantic-interposition
    -m32 -msse4.2 -finline-functions -fmacro-prefix-map=in=out -fno-ident -fno-diagnostics-color
    -flto -frandom-seed=1 -O2
    -gz -gno-column-info -fdebug-types-section
    -pg -finstrument-functions -fno-stack-protector -fms-extensions
    -O2 -ftls-model=initial-exec -mno-red-zone -mcmodel=large -fmerge-all-constants
    -fprofile-arcs -frandom-seed=1
    -O0 -fverbose-asm -ftemplate-depth=100 -fconstexpr-depth=99
""".strip().splitlines()]

NAMED = ("gcc-11", "g++-11", "clang-15", "clang++-15")


def all_for(compiler, which):
    """The scenarios of one compiler whose tools are here."""
    tables = (LANGUAGES, ASSEMBLER, DIAGNOSTICS, DEBUGGING, SANITIZERS, PLUGINS, PRECOMPILED, COMPILERS)
    rows = [row for table in tables for row in table]
    rows += [Scenario(f"with {' '.join(words)}", (f"$CC $G {' '.join(words)} -c calls.c", ANY),
                      (f"$CXX {' '.join(words)} -c classes.cpp", ANY)) for words in OPTIONS]
    return [row for row in rows if row.only in ("", compiler) and all(map(which, row.needs))]
