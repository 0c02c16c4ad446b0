"""Little sources to compile, and what the local compiler makes of them."""

from cluster import TOP, expect

C_UNIT = """
#include <stdio.h>
#include <string.h>
#define TIMES(x, n) ((x) * (n))
int answer(const char* text) {
    printf("%s: %s\\n", __FILE__, text);
    return TIMES((int)strlen(text), 3);
}
"""

CXX_UNIT = """
#include <string>
#include <vector>
std::vector<std::string> split(const std::string& words) {
    std::vector<std::string> parts(1);
    for (const char letter : words)
        if (letter == ' ')
            parts.emplace_back();
        else
            parts.back() += letter;
    return parts;
}
"""


def slow_unit(functions=100):
    """A C unit the compiler is busy with for a second at -O3, forty times as long with 4000."""
    body = "\n".join(
        f"double f{i}(double* a, int n) {{ double s = {i}; for (int j = 0; j < n; j++) "
        f"for (int k = 0; k < j; k++) s += a[j] * a[k] / (k + {i}.5) - s * a[j - k]; return s; }}"
        for i in range(functions))
    return body + "\n"


def folder(name):
    path = TOP / "src" / name
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(0o777)
    return path


def write_pair(where):
    """One C and one C++ unit: the words of their compilations, without -o."""
    (where / "unit.c").write_text(C_UNIT)
    (where / "unit.cpp").write_text(CXX_UNIT)
    return [["gcc", "-O2", "-Wall", "-c", "unit.c"],
            ["g++", "-O2", "-Wall", "-std=c++20", "-c", "unit.cpp"]]


def compile_locally(host, argv, where, output):
    done = host.run([*argv, "-o", output], cwd=where)
    expect(done.returncode == 0, f"the local compiler says: {done.stderr}")
    return where / output
