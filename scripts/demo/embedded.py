"""A scheduler, a submitter and two helpers on this machine, in one of two ways with one face.

Namespaces (root): every host is a real one to the programs, with an address of its own. Loopback:
the same programs on ports of 127.0.0.1, told apart by the hooks made for tests. The submitter offers
no slots, so that all that can be compiled elsewhere is.
"""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
from pathlib import Path

import suites
from cluster import TOP, wait_for
from wire import Monitor

HELPERS = ("helper1", "helper2")
READY_SECONDS = 60


class Namespaces:
    """On hosts of cluster.py; what that leaves behind the kernel takes away."""

    where = "each in a network namespace of its own"

    def __init__(self, net, slots):
        programs = suites.ours()
        self.icecc, self.work = programs.client, TOP / "work"
        self.work.mkdir()
        sched = net.host("scheduler")
        self.submitter = net.host("submitter", private=("/run", "/var/tmp"))
        suites.start_scheduler(sched, programs)
        for name in HELPERS:
            suites.start_daemon(net.host(name), programs, scheduler=sched, slots=slots)
        suites.start_daemon(self.submitter, programs, "--no-remote", scheduler=sched, slots=0)
        self.monitor = Monitor((sched.address, suites.SCHEDULER_PORT))
        wait_for(lambda: self.monitor.ready(HELPERS), "the helpers", READY_SECONDS)

    def start(self, argv, cwd, env=None):
        return subprocess.Popen([*self.submitter.enter()[:-1], f"--wd={cwd}", *argv],
                                env={**os.environ, **(env or {})}, stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def stop(self):
        pass


class Loopback:
    """As an ordinary user; stop() ends the programs and removes their folder."""

    where = "on ports of the loopback interface (as root each gets a network namespace)"

    def __init__(self, slots):
        stage = Path(os.environ["ICECC_STAGE"])
        self.icecc = stage / "bin/icecc"
        self.work = Path(tempfile.mkdtemp(prefix="icecc-quickstart-"))
        self.programs, self.net = [], f"quickstart{os.getpid()}"
        try:
            self._start_all(stage, slots)
        except BaseException:
            self.stop()
            raise

    def _start_all(self, stage, slots):
        port = free_ports(2)
        self._run("scheduler", [stage / "sbin/icecc-scheduler", "-p", str(port)])
        daemon = [stage / "sbin/iceccd", "-s", f"127.0.0.1:{port}"]
        for name in HELPERS:
            self._run(name, [*daemon, "-m", str(slots), "-p", str(free_ports(1))])
        self._run("submitter", [*daemon, "-m", "0", "--no-remote"])
        self.monitor = wait_for(lambda: try_monitor(port), "the scheduler", READY_SECONDS)
        wait_for(lambda: self.monitor.ready(HELPERS), "the helpers", READY_SECONDS)

    def _run(self, name, argv):
        if name != "scheduler":
            argv += ["-N", name, "-b", self.work / f"envs-{name}"]
        argv += ["-n", self.net, "-l", self.work / f"{name}.log", "-vv"]
        self.programs.append(subprocess.Popen(
            [str(word) for word in argv], env={**os.environ, **self._socket(name)},
            stdin=subprocess.DEVNULL, start_new_session=True))

    def _socket(self, name):
        # ICECC_TESTS: look for the scheduler on loopback only, and soon.
        return {"ICECC_TEST_SOCKET": str(self.work / f"{name}.socket"), "ICECC_TESTS": "1"}

    def start(self, argv, cwd, env=None):
        # ICECC_TEST_REMOTEBUILD: 127.0.0.1 with a port is somebody else.
        extra = {**self._socket("submitter"), "ICECC_TEST_REMOTEBUILD": "1", **(env or {})}
        return subprocess.Popen(argv, cwd=cwd, env={**os.environ, **extra},
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT, text=True)

    def stop(self):
        for program in reversed(self.programs):
            program.send_signal(signal.SIGTERM)
        for program in self.programs:
            try:
                program.wait(10)
            except subprocess.TimeoutExpired:
                program.kill()
                program.wait()
        shutil.rmtree(self.work, ignore_errors=True)


def try_monitor(port):
    try:
        return Monitor(("127.0.0.1", port))
    except (OSError, EOFError):
        return None


def free_ports(count):
    """The first of so many neighbouring ports that nobody has; the scheduler takes two."""
    while True:
        with socket.socket() as first:
            first.bind(("127.0.0.1", 0))
            port = first.getsockname()[1]
            if port + count > 65535:
                continue
            try:
                for offset in range(1, count):
                    with socket.socket() as next_one:
                        next_one.bind(("127.0.0.1", port + offset))
            except OSError:
                continue
            return port
