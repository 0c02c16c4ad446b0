#!/usr/bin/env python3
"""Provokes every line of tests/data/log-vocabulary.tsv and looks for it as others do: with grep.

Each scenario begins with a mark and ends with a barrier, SIGHUP and ICECC_TEST_FLUSH_LOG_MARK, so
that a phrase can also be counted, or be found missing. `some` in the table means at least once.
"""

import signal
import subprocess
import sys
import tarfile
from pathlib import Path

import cluster
import sources
import suites
import wire
from checks import compile_remotely, start_half
from cluster import TOP, Failure, expect, wait_for

LEVELS = ["error", "warning", "info", "debug"]
FORBID = [str(suites.TESTS / "netns/forbid.py"), "user-namespaces"]
# A scheduler of an impossible version: 268 bytes, marked for whoever asked, then the version.
BOGUS = """
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("0.0.0.0", 8765))
while True:
    data, peer = s.recvfrom(64)
    if len(data) == 1:
        s.sendto(bytes([(data[0] + 3) % 256]) + (200).to_bytes(4, "big") + bytes(263), peer)
"""


class Row:
    def __init__(self, line):
        self.scenario, self.log, self.level, self.rule, self.pattern = line.split("\t")


class Stage:
    """The programs of one cluster, their logs by name, and how much of each was looked at."""

    def __init__(self, net, programs):
        self.net, self.programs = net, programs
        self.logs, self.seen, self.programs_of = {}, {}, {}
        self.marks = 0
        self.mark_file, self.header_file = TOP / "mark", TOP / "header"
        self.header_file.write_text("a header\nof three lines\nfor every log\nand no fourth\n")

    def host(self, name):
        return self.net.hosts.get(name) or self.net.host(name)

    def start(self, name, host, program, *options, verbosity=3, env=None, wrap=()):
        """Starts iceccd or icecc-scheduler under a log of that name."""
        log = suites.log_of(host, name)
        self.logs.setdefault(name, log)
        argv = [*wrap, program, "-n", suites.NET, "-l", log, *["-v"] * verbosity, *options]
        environment = {"ICECC_TESTS": "1", "ICECC_TEST_FLUSH_LOG_MARK": str(self.mark_file),
                       "ICECC_TEST_LOG_HEADER": str(self.header_file), **(env or {})}
        self.programs_of[name] = host.start(name, argv, environment)
        return self.programs_of[name]

    def scheduler(self, name, host, *options, env=None):
        return self.start(name, host, self.programs.scheduler, *options, env=env)

    def daemon(self, host, *options, name=None, verbosity=3, env=None, wrap=()):
        slots = ["-m", 2, "-N", host.name, "-u", suites.user(), "-b", suites.ENV_DIR]
        return self.start(name or host.name, host, self.programs.daemon, *slots, *options,
                          verbosity=verbosity, env=env, wrap=wrap)

    def text(self, name):
        return self.logs[name].read_text(errors="replace")

    def news(self, name):
        """What a log says since the scenario began."""
        return self.text(name)[self.seen.get(name, 0):]

    def begin(self):
        self.seen = {name: len(self.text(name)) for name in self.logs}

    def barrier(self):
        """Returns when all that happened so far is in the logs."""
        self.marks += 1
        self.mark_file.write_text(f"={self.marks}=\n")
        waiting = {name for name, process in self.programs_of.items() if process.running()}
        for name in waiting:
            self.programs_of[name].popen.send_signal(signal.SIGHUP)
        heard = {name for name in waiting if not name.startswith("quiet")}  # it is a debug line
        wait_for(lambda: all(f"flush log mark: ={self.marks}=" in self.text(name)
                             for name in heard), f"the mark {self.marks} in {sorted(heard)}")


def count(pattern, text):
    """How many lines grep would find."""
    done = subprocess.run(["grep", "-c", "-e", pattern], input=text, text=True, check=False,
                          stdout=subprocess.PIPE)
    return int(done.stdout)


class Play:
    """The scenarios. Each leaves what it did in the logs; main() knows what to look for there."""

    def __init__(self, net, stage):
        self.net, self.stage, self.programs = net, stage, stage.programs
        self.sched, self.helper, self.sub = (net.host(n) for n in ("sched", "helper", "sub"))
        self.where = sources.folder("unit")
        sources.write_pair(self.where)
        (self.where / "wrong.c").write_text("int f(void) { return undeclared; }\n")
        (self.where / "hungry.c").write_text('_Static_assert(0, "out of memory");\n')
        (self.where / "missing.c").write_text(
            "#include <stdio.h>\n" * 3 + sources.slow_unit(50) + "#include <no/such/header.h>\n")
        (self.where / "part.c").write_text("int main(void) { return 0; }\n")
        self.client = suites.Client(self.sub, self.programs, ICECC_PREFERRED_HOST="helper")
        stage.logs["client"] = self.client.log

    # what checks.py wants to know
    def remote_jobs(self):
        return count(suites.COMPILED, self.stage.text("helper"))

    def compilers_at_work(self):
        return suites.Trio.compilers_at_work(self)

    @property
    def cluster(self):
        return self.net

    def compile(self, unit, helper="helper", env=None):
        return self.client.run(["gcc", "-O2", "-c", unit, "-o", "out.o"], self.where,
                               {"ICECC_PREFERRED_HOST": helper, **(env or {})})

    def wait_ready(self, *names):
        wait_for(lambda: self.monitor.ready(names), f"{names} to be ready for work")

    def start(self):
        self.stage.scheduler("scheduler", self.sched)
        suites.keep_awake(self.sched.address, self.stage.programs_of["scheduler"])
        wait_for(lambda: "scheduler ready" in self.stage.text("scheduler"), "the scheduler")
        for host in (self.helper, self.sub):
            self.stage.daemon(host, "-s", self.sched.address)
        self.monitor = wire.Monitor((self.sched.address, suites.SCHEDULER_PORT))
        self.wait_ready("helper", "sub")
        wait_for(lambda: all("Netnames:" in self.stage.text(name) for name in ("helper", "sub")),
                 "the probe for nets")

    def compiles(self):
        compile_remotely(self, self.where, argv=["gcc", "-O2", "-c", "unit.c"])

    def fails(self):
        expect(self.compile("wrong.c").returncode == 1, "a wrong unit compiles")

    def hungry(self):
        expect(self.compile("hungry.c").returncode == 1, "a wrong unit compiles")

    def preprocessing_fails(self):
        expect(self.compile("missing.c").returncode == 1, "a unit without its header compiles")

    def killed(self):
        """The client of a running job is killed; SIGHUP waits for the end of the job."""
        process = start_half(self, self.where, {"ICECC_PREFERRED_HOST": "helper"})
        self.stage.marks += 1
        self.stage.mark_file.write_text(f"={self.stage.marks}=\n")
        self.stage.programs_of["helper"].popen.send_signal(signal.SIGHUP)
        process.kill()
        mark = f"flush log mark: ={self.stage.marks}="
        wait_for(lambda: mark in self.stage.news("helper"), "the mark after the job")
        news = self.stage.news("helper")
        expect(news.index("Remote compilation") < news.index(mark), "the mark was no barrier")

    def full_jobs(self):
        expect(self.compile("part.c").returncode == 0, "part.c")
        self.stage.barrier()
        self.stage.begin()
        for name in ("one", "two"):
            done = self.client.run(["gcc", "-flto=auto", "out.o", "-o", name], self.where)
            expect(done.returncode == 0, done.stderr)

    def stays_here(self):
        """-N of the preferred host is the submitter's own: the scheduler gives the job back."""
        expect(self.compile("unit.c", "sub").returncode == 0, "unit.c")

    def poor_host(self):
        poor = self.stage.host("remoteice2")
        self.stage.daemon(poor, "-s", self.sched.address)
        self.wait_ready("remoteice2")
        done = self.compile("unit.c", "remoteice2", {"ICECC_ENV_COMPRESSION": "xz"})
        expect(done.returncode == 0, done.stderr)

    def broken_archive(self):
        rubbish = TOP / "brokenenvfile.tar.gz"
        rubbish.write_bytes(b"this is no archive " * 100)
        done = self.compile("unit.c", env={"ICECC_VERSION": str(rubbish)})
        expect(done.returncode == 0, done.stderr)

    def failing_compiler(self):
        """An environment whose compiler says no: its verification fails."""
        archive = self.environment({"usr/bin/gcc": "int main(void) { return 1; }\n"})
        expect(self.compile("unit.c", env={"ICECC_VERSION": str(archive)}).returncode == 0,
               "a unit whose environment is refused")

    def environment(self, programs):
        """An archive of static programs; all have a bin/true and a usr/bin/as."""
        archive = TOP / "fake.tar"
        whole = {"bin/true": "int main(void) { return 0; }\n",
                 "usr/bin/as": "int main(void) { return 0; }\n", **programs}
        with tarfile.open(archive, "w") as tar:
            for name, text in whole.items():
                source, program = self.where / "fake.c", self.where / "fake"
                source.write_text(text)
                self.sub.run(["gcc", "-static", "-o", program, source], check=True)
                tar.add(program, name)
        return archive

    def no_compiler(self):
        """A client that is asked for nothing by its scheduler, and names a compiler not sent."""
        archive = self.environment({}).read_bytes()
        channel = wire.Channel((self.helper.address, suites.DAEMON_PORT))
        channel.send(wire.TRANSFER_ENV, wire.text("nothing") + wire.text("x86_64"))
        for at in range(0, len(archive), 100000):
            channel.sock.sendall(wire.chunk(archive[at:at + 100000]))
        channel.send(wire.END)
        fields = [wire.u32(0), wire.u32(4711), wire.texts(["-O2"]), wire.text("nothing"),
                  wire.text("x86_64"), wire.text("gcc"), wire.text("unit.c"), wire.text("/tmp"),
                  wire.text("unit.o"), wire.u32(0)]
        channel.send(wire.COMPILE_FILE, b"".join(fields))
        channel.sock.sendall(wire.chunk(b"int x;\n"))
        channel.send(wire.END)
        expect(channel.closed_by_peer(30), "the helper keeps who named no compiler")

    def levels(self):
        """Helpers that say less: only what their level allows, and all of that."""
        for verbosity in range(3):
            host = self.stage.host(f"quiet{verbosity}")
            self.stage.daemon(host, "-s", self.sched.address, verbosity=verbosity)
        names = [f"quiet{verbosity}" for verbosity in range(3)]
        self.wait_ready(*names)
        for name in names:
            expect(self.compile("unit.c", name).returncode == 0, "unit.c")
            expect(self.compile("wrong.c", name).returncode == 1, "wrong.c")

    def algorithms(self):
        host = self.stage.host("alone")
        for name in ("random", "round_robin", "least_busy"):
            process = self.stage.scheduler(name, host, "-p", 9000, "-a", name)
            wait_for(lambda: "scheduler ready" in self.stage.text(name), name)
            expect(process.stop() == 0, f"the scheduler with -a {name} ended badly")

    def discovery(self):
        """A daemon on its own host meets rubbish, a scheduler of another net, its own, a better."""
        host = self.stage.host("alone")
        ports = {"ICECC_TEST_SCHEDULER_PORTS": "8765:8769"}
        bogus = host.start("bogus", [sys.executable, "-c", BOGUS])
        self.stage.scheduler("stranger", host, "-p", 8769, "-n", "somebody-elses")
        self.stage.daemon(host, env=ports)
        wait_for(lambda: "different netname" in self.stage.text("alone")
                 and "bogus" in self.stage.text("alone"), "both to be ignored")
        bogus.kill()
        self.stage.programs_of["stranger"].stop()
        self.stage.scheduler("primary", host, env=ports)
        wait_for(lambda: "login alone" in self.stage.text("primary"), "the first login")
        better = self.stage.scheduler("better", host, "-p", 8769,
                                      env={**ports, "ICECC_FAKE_STARTTIME": "1"})
        wait_for(lambda: "login alone" in self.stage.text("better"), "the better one's login")
        expect(better.stop() == 0, "the better scheduler ended badly")
        wait_for(lambda: self.stage.text("primary").count("login alone") == 2, "the return")

    def cannot_confine(self):
        host = self.stage.host("alone")
        nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
        self.stage.daemon(host, "-b", host.dir / "envs", "-p", 9010, name="weak",
                          wrap=[*FORBID, *nobody],
                          env={"ICECC_TEST_SOCKET": str(host.dir / "weak.socket")})
        wait_for(lambda: "Netnames:" in self.stage.text("weak"), "the weak daemon")

    def helper_dies(self):
        process = start_half(self, self.where, {"ICECC_PREFERRED_HOST": "helper"})
        self.stage.programs_of["helper"].kill()
        wait_for(lambda: "remove daemon helper" in self.stage.news("scheduler"), "the loss")
        process.kill()


def look_at(rows, stage, scenario):
    for row in rows:
        if row.scenario != scenario:
            continue
        found = count(row.pattern, stage.news(row.log))
        wanted = found > 0 if row.rule == "some" else found == int(row.rule)
        if not wanted:
            raise Failure(f"{scenario}: '{row.pattern}' is {found} times in the log of {row.log}, "
                          f"not {row.rule}")


def look_at_levels(rows, stage):
    """What a daemon at -vvv says of these scenarios, one at its level says, and no other."""
    for row in rows:
        if row.scenario not in ("compiles", "fails") or row.log != "helper" or row.rule == "0":
            continue
        for verbosity in range(3):
            log = f"quiet{verbosity}"
            said = count(row.pattern, stage.text(log)) > 0
            if said != (LEVELS.index(row.level) <= verbosity):
                raise Failure(f"'{row.pattern}' of level {row.level} is "
                              f"{'' if said else 'not '}in the log of a daemon at {verbosity} -v")


def look_for_forbidden(rows, stage):
    for row in rows:
        if row.scenario != "always":
            continue
        for name in ("scheduler", "helper", "sub") if row.log == "all" else (row.log,):
            found = count(row.pattern, stage.text(name))
            expect(found == 0, f"'{row.pattern}' is {found} times in the log of {name}")


def main(net):
    lines = Path(sys.argv[1]).read_text().splitlines()
    rows = [Row(line) for line in lines if line and not line.startswith("#")]
    stage = Stage(net, suites.chosen())
    play = Play(net, stage)
    scenarios = list(dict.fromkeys(row.scenario for row in rows))
    for scenario in scenarios:
        if scenario == "always":
            continue
        stage.begin()
        getattr(play, scenario)()
        stage.barrier()
        look_at(rows, stage, scenario)
        print(f"passed: {scenario}", flush=True)
    look_at_levels(rows, stage)
    look_for_forbidden(rows, stage)
    header = stage.header_file.read_text().splitlines()
    for name in ("scheduler", "helper", "sub"):
        log = stage.text(name).splitlines()
        expect(all(line in log for line in header[:3]) and header[3] not in log,
               f"the header is not as it should be in the log of {name}")


cluster.run(main)
