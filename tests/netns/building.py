"""Builds of several units, as a user would start them: in parallel, and judged by the objects."""

import subprocess

import sources
from cluster import expect


class Build:
    """COUNT little units in a folder, compiled by up to four clients at a time."""

    def __init__(self, client, name, count, text="int f{0}(int x) {{ return x * {0}; }}\n"):
        self.client, self.where, self.count = client, sources.folder(name), count
        for i in range(count):
            (self.where / f"u{i}.c").write_text(text.format(i))
        self.process = None

    def start(self, parallel=4):
        words = (f"seq 0 {self.count - 1} | xargs -P {parallel} -I N "
                 f"{self.client.programs.client} gcc -O2 -c uN.c -o uN.o")
        host = self.client.host
        self.process = subprocess.Popen(
            [*host.enter()[:-1], f"--wd={self.where}", "sh", "-c", words],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            env=host.env(self.client.env))
        host.cluster.helpers_of_test.append(self.process)
        return self

    def done(self):
        return sum((self.where / f"u{i}.o").exists() for i in range(self.count))

    def finish(self, seconds=240):
        """Waits for the end; every object must be there and be what a local compile makes."""
        said, _ = self.process.communicate(timeout=seconds)
        expect(self.process.returncode == 0, f"the build failed: {said}")
        for i in range(self.count):
            local = sources.compile_locally(self.client.host, ["gcc", "-O2", "-c", f"u{i}.c"],
                                            self.where, f"u{i}.local.o")
            expect((self.where / f"u{i}.o").read_bytes() == local.read_bytes(), f"u{i}.o is wrong")
        leftovers = [path.name for path in self.where.iterdir()
                     if path.suffix not in (".c", ".o")]
        expect(not leftovers, f"beside the objects there are {leftovers}")
