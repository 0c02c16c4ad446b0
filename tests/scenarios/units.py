"""The files the scenarios compile; every scenario gets a folder with all of them."""

FILES = {
    "plain.c": "int plain(int x) { return 3 * x + 1; }\n",
    "plain.cpp": "int plain(int x) { return 3 * x + 1; }\n",
    "inc.h": "#pragma once\n#define SIZE 3\nstatic inline int twice(int x) { return 2 * x; }\n",
    "system/sys.h": "#pragma once\n#define FROM_SYSTEM 5\n",
    "includes.c": '#include <stdio.h>\n#include "inc.h"\nint f(void) { return printf("%d", twice(SIZE)); }\n',
    "includes.cpp": """#include <vector>
#include "inc.h"
std::vector<int> made(int n) {
    std::vector<int> all;
    for (int i = 0; i < twice(n); i++)
        all.push_back(i % SIZE);
    return all;
}
""",
    # What many options change: calls, loops, tables, strings, virtual functions, exceptions.
    "calls.c": """extern int puts(const char*);
extern void* memcpy(void*, const void*, unsigned long);
int table[64], shared;
__thread int own;
enum Kind { one, two } kind;
static int small(int x) { return x / 3 + own; }
int calls(const char* text, char* to, unsigned n, double d) {
    char buffer[64];
    memcpy(buffer, text, n);
    for (unsigned i = 0; i < 64; i++)
        table[i] = small(table[i]) * 7 + (int)(d / 1.5);
    memcpy(to, buffer, n & 31);
    switch (kind) {
    case one: return puts("one");
    case two: return puts(text);
    }
    return small(shared) + sizeof(enum Kind);
}
""",
    "classes.cpp": """struct Base {
    virtual ~Base();
    virtual int number() const = 0;
};
struct Derived : Base {
    explicit Derived(int n) : n_(n) {}
    int number() const override { return n_; }
    int n_;
};
Base* make(int n) {
    static Derived first(7);
    if (n < 0)
        throw n;
    return n ? new Derived(n) : &first;
}
int caught(int n) {
    try {
        Base* made = make(n);
        int result = made->number();
        delete made;
        return result;
    } catch (int wrong) {
        return wrong;
    }
}
template <class T> T sum(const T* begin, const T* end) {
    T all{};
    for (; begin != end; ++begin)
        all += *begin;
    return all;
}
template float sum(const float*, const float*);
""",
    "noextension": "struct A { virtual ~A() = default; };\nA a;\n",
    "deep/er/nested.cpp": '#include "../../inc.h"\nint nested() { return twice(SIZE); }\n',
    "defined.c": """#ifndef NUMBER
#error NUMBER is missing
#endif
const char* text = TEXT;
int number = NUMBER + CALL(2);
#ifdef GONE
#error GONE is there
#endif
const char* file = __FILE__;
int line = __LINE__;
""",
    "named.c": "const char* unit = __BASE_FILE__;\nconst char* header = __FILE__;\n",
    # With -fdirectives-only the counter is not what the directives see; both must agree.
    "counter.cpp": """#if __COUNTER__ != 0
#error the counter starts elsewhere
#endif
int first = __COUNTER__;
#define JOIN2(a, b) a##b
#define JOIN(a, b) JOIN2(a, b)
int JOIN(unique, __COUNTER__) = __COUNTER__;
""",
    "raw.cpp": 'const char* raw = R"x(\n#include "nowhere.h"\n#define A ) " \\\n#endif\n)x";\n'
               'const char* after = "// no comment";\n',
    "macros.c": "#define UNUSED 1\n#define USED 2\nint used = USED;\n",
    "pedantic.c": "int zero[0];\nint f(void) { return ({ 1; }); }\n",
    "warned.c": "#include \"inc.h\"\nstatic int unused(void) { return 1; }\n"
                "int late(char* s)\n{\n\tint i = s;\n\treturn i == SIZE; }\n",
    "warned.cpp": "#include \"inc.h\"\nint over(unsigned u, int i)\n{\n"
                  "\tif (u < i) return twice(i);\n}\n",
    "wrong.c": "#include \"inc.h\"\nint f(void) { return unknown + twice(SIZE; }\n",
    "wrong.cpp": "#include <vector>\nint f() { return std::vector<int>().sizes(); }\n",
    "lost.c": "#include <not/there.h>\nint x;\n",
    "told.c": "#warning look here\nint told;\n",
    "refused.c": "#error not today\nint refused;\n",
    "main.c": "#include \"inc.h\"\nint main(void) { return twice(SIZE) == 6 ? 0 : 1; }\n",
    "main.cpp": """#include "inc.h"
#include <cstdio>
struct Point { int x, y; };
int area(const Point& p) {
    int result = p.x * p.y;
    return twice(result);
}
int main() {
    Point point{SIZE, 7};
    std::printf("%d\\n", area(point));
    return 0;
}
""",
    "asm.S": "#define NAME start_here\n.globl NAME\nNAME:\n    ret\n",
    "asm.s": ".globl begin\nbegin:\n    ret\n",
    "inline.c": 'int f(void) { int x; __asm__("three %0" : "=r"(x)); return x; }\n',
    "incbin.c": '__asm__(".data\\nblob: .incbin \\"inc.h\\"\\n");\nint x;\n',
    "defsym.c": '__asm__(".long MYSYM\\n");\nint x;\n',
    "three.s": ".macro three register\n    movl $3, \\register\n.endm\n",
    "many.rsp": "-O2 -DNUMBER=7\n'-DTEXT=\"two words\"' @more.rsp\n",
    "more.rsp": '"-DCALL(x)=(x + 1)" -c defined.c\n-o  answered.o\n',
    "address.cpp": "#include <cstring>\nint g[4];\nint look(int i) { return g[i]; }\n"
                   "void copy(char* to, const char* from, int n) { std::memcpy(to, from, n); }\n",
    "ignored.txt": "fun:*look*\nsrc:*nowhere*\n",
    "union.c": "int f(int a, int b) { return a / b + (a << b); }\n",
    "openmp.c": "void add(int* a, int n) {\n#pragma omp parallel for\n"
                "    for (int i = 0; i < n; i++) a[i]++;\n}\n",
    "plugin.c": """/* What both compilers take for a plugin; it fails without the file that it needs. */
#include <stdio.h>
#include <stdlib.h>
int plugin_is_GPL_compatible;
static void need(void) {
    FILE* file = fopen(NEEDED, "r");
    if (!file) {
        fprintf(stderr, "the plugin cannot read its file\\n");
        exit(3);
    }
    fclose(file);
}
#ifdef __clang__
__attribute__((constructor)) static void loaded(void) { need(); }
#else
int plugin_init(void* arguments, void* version) { need(); return 0; }
#endif
""",
    "needed.txt": "for the plugin\n",
}


def write(where):
    for name, text in FILES.items():
        path = where / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
