#!/usr/bin/env python3
"""Who gets the jobs of a make: with each algorithm, host by host, with no slots at home, by links;
and environments that the user makes.

A scheduler, two helpers, a host that only submits, and one that only submits and has no local slots.
Every make compiles half of its units with gcc and half with clang, and links them.
"""

import cluster
import sources
import suites
from cluster import Failure, expect, wait_for
from wire import Monitor

COMPILERS = ("gcc", "clang")
UNITS = 10
TRIES = 3
HELPERS = ("one", "two")
MAKEFILE = """all: program
%.o: %.c
	$(WITH) $($(lastword $(subst -, ,$*))) -O2 -c $< -o $@
program: {objects}
	$(WITH) gcc $^ -o $@
gcc = gcc
clang = clang
"""


def project(name):
    """A folder with units, named after the compiler each is for, and their makefile."""
    where = sources.folder(name)
    units = [f"u{i}-{COMPILERS[i % 2]}" for i in range(UNITS)]
    for i, unit in enumerate(units):
        (where / f"{unit}.c").write_text(f"int f{i}(int x) {{ return x * {i}; }}\n")
    main = "".join(f"int f{i}(int);" for i in range(UNITS)) + "int main(void) { return "
    (where / "main-gcc.c").write_text(main + " + ".join(f"f{i}(0)" for i in range(UNITS)) + "; }\n")
    units.append("main-gcc")
    (where / "Makefile").write_text(MAKEFILE.format(objects=" ".join(f"{unit}.o" for unit in units)))
    return where, units


def compiler_of(unit):
    return unit.split("-")[1]


class Hosts:
    def __init__(self, net):
        self.programs = suites.chosen()
        self.sched = net.host("sched")
        self.helpers = {name: net.host(name) for name in HELPERS}
        self.sub, self.bare = net.host("sub"), net.host("bare")
        self.start_scheduler("fastest")
        for host in self.helpers.values():
            suites.start_daemon(host, self.programs, scheduler=self.sched)
        suites.start_daemon(self.sub, self.programs, "--no-remote", scheduler=self.sched)
        suites.start_daemon(self.bare, self.programs, "--no-remote", scheduler=self.sched, slots=0)
        self.wait_ready()
        self.made, self.right = 0, {}

    def right_object(self, host, unit, where):
        """What the local compiler makes of a unit; they are the same in every make."""
        if unit not in self.right:
            local = sources.compile_locally(host, [compiler_of(unit), "-O2", "-c", f"{unit}.c"], where,
                                            "local.o")
            self.right[unit] = local.read_bytes()
        return self.right[unit]

    def start_scheduler(self, algorithm):
        self.scheduler = suites.start_scheduler(self.sched, self.programs, "-a", algorithm)
        self.monitor = Monitor((self.sched.address, suites.SCHEDULER_PORT))

    def wait_ready(self):
        wait_for(lambda: self.monitor.ready([*HELPERS, "sub", "bare"]), "all hosts to be ready")

    def restart_scheduler(self, algorithm):
        expect(self.scheduler.stop() == 0, "the scheduler ended badly")
        self.start_scheduler(algorithm)
        self.wait_ready()

    def compiled(self):
        """How many jobs each helper has had."""
        return {name: suites.count_in_log(helper, suites.COMPILED) for name, helper in self.helpers.items()}

    def make(self, host, jobs, env=None, words=""):
        """One make from scratch, and how many jobs each helper got."""
        self.made += 1
        where, units = project(f"make{self.made}")
        client = suites.Client(host, self.programs)
        client.log.write_text("")
        before = self.compiled()
        words = words or f"WITH={client.programs.client}"
        done = host.run(["make", f"-j{jobs}", words], cwd=where, env={**client.env, **(env or {})})
        expect(done.returncode == 0, f"make: {done.stdout}{done.stderr}")
        for unit in units:
            expect((where / f"{unit}.o").read_bytes() == self.right_object(host, unit, where),
                   f"{unit}.o is not the local compiler's")
        expect(host.run(["./program"], cwd=where).returncode == 0, "the program is wrong")
        log = client.log.read_text()
        here, own = log.count("<building_local>"), log.count("building myself")

        def shares():
            return {name: count - before[name] for name, count in self.compiled().items()}
        remote = len(units) - own  # a busy cluster gives jobs back to a host with free slots
        wait_for(lambda: sum(shares().values()) == remote, f"{remote} jobs in the helpers' logs")
        expect(here == 1, f"{here} commands were not offered to the cluster, instead of the link alone")
        expect(own == 0 or host is self.sub, f"{own} jobs for a host without slots")
        return shares()

    def make_on_all(self, host, env=None, words=""):
        """Both helpers get jobs. On a busy machine the commands of one make may run one after the
        other, and all on the fastest helper: then another make has to show it."""
        shares = {}
        for _ in range(TRIES):
            shares = self.make(host, 10, env, words)
            if all(shares.values()):
                return
        raise Failure(f"of {host.name}'s jobs one helper got all: {shares}")


def own_environments(hosts):
    """icecc --build-native makes an environment, icecc-test-env likes it, and a helper compiles in it."""
    where, units = project("own")
    client = suites.Client(hosts.sub, hosts.programs, ICECC_PREFERRED_HOST="one")
    for compiler, unit in zip(COMPILERS, units):
        done = client.run(["--build-native", compiler], where)
        expect(done.returncode == 0, f"icecc --build-native {compiler}: {done.stderr}")
        names = [line.split()[1] for line in done.stdout.splitlines() if line.startswith("creating ")]
        expect(len(names) == 1 and (where / names[0]).exists(), f"no environment: {done.stdout}")
        tested = hosts.sub.run([hosts.programs.prefix / "bin/icecc-test-env", names[0]], cwd=where)
        expect(tested.returncode == 0, f"icecc-test-env: {tested.stdout}{tested.stderr}")
        client.log.write_text("")
        done = client.run([compiler, "-O2", "-c", f"{unit}.c", "-o", "own.o"], where,
                          {"ICECC_VERSION": names[0]})
        expect(done.returncode == 0, f"in the environment of {compiler}: {done.stderr}")
        log = client.log.read_text()
        remote = "Have to use host" in log and "<building_local>" not in log
        expect(remote, f"{compiler} stayed here:\n{log}")
        expect((where / "own.o").read_bytes() == hosts.right_object(hosts.sub, unit, where),
               "own.o is not the local compiler's")


def main(net):
    hosts = Hosts(net)
    own_environments(hosts)
    for name in HELPERS:  # and the environments are there for what follows
        shares = hosts.make(hosts.sub, 4, {"ICECC_PREFERRED_HOST": name})
        expect(shares[name] == UNITS + 1, f"preferred host {name}: {shares}")
    hosts.make_on_all(hosts.bare)
    links = f"{hosts.programs.links}:/usr/bin:/bin"
    hosts.make_on_all(hosts.sub, {"PATH": links}, words="WITH=")
    for algorithm in ("random", "round_robin", "least_busy"):
        hosts.restart_scheduler(algorithm)
        shares = hosts.make(hosts.sub, 2 if algorithm == "round_robin" else 10)
        print(f"{algorithm}: {shares}", flush=True)
        got_some = any if algorithm == "random" else all  # chance may well prefer one
        expect(got_some(shares.values()), f"with {algorithm} the helpers got {shares}")
    net.expect_no_strangers("after all makes")


cluster.run(main)
