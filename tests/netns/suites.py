"""The programs under test: ours from a staged install, or those of Debian's icecc package.

Both understand the same options, so one description of each role is enough.
"""

import os
import pwd
import shutil
import socket
import threading
import time
from pathlib import Path

from cluster import PATIENCE, TOP, Skip, expect, wait_for
from wire import Monitor

SCHEDULER_PORT = 8765
CONTROL_PORT = SCHEDULER_PORT + 1
DAEMON_PORT = 10245
NET = "icecc-test"
ENV_DIR = "/var/tmp/icecc-envs"
TESTS = Path(__file__).resolve().parent.parent
PROJECT = str(TESTS.parent)
COMPILED = "Remote compilation completed with exit code 0"


class Suite:
    """Where one implementation's programs are."""

    def __init__(self, name, prefix, libexec):
        self.name, self.prefix = name, Path(prefix)
        self.scheduler = self.prefix / "sbin/icecc-scheduler"
        self.daemon = self.prefix / "sbin/iceccd"
        self.client = self.prefix / "bin/icecc"
        self.create_env = self.prefix / "bin/icecc-create-env"
        self.links = Path(libexec) / "bin"
        if not all(path.exists() for path in (self.scheduler, self.daemon, self.client)):
            raise Skip(f"the programs of {name} are not there")


def debian():
    return Suite("debian", "/usr", "/usr/lib/icecc")


def ours():
    """Our programs, copied where the daemon's user can reach them, and away from the build."""
    staged = os.environ.get("ICECC_STAGE")
    if not staged or not Path(staged, "sbin/iceccd").exists():
        raise Skip("ICECC_STAGE names no installed tree of ours")
    target = TOP / "icecc"
    if not target.exists():
        shutil.copytree(staged, target, symlinks=True)
    return Suite("ours", target, target / "libexec/icecc")


def suite(name):
    return {"ours": ours, "debian": debian}[name]()


def chosen():
    """Ours, unless ICECC_SUITE says otherwise: to see how upstream does in the same test."""
    return suite(os.environ.get("ICECC_SUITE", "ours"))


def user():
    """The account of the daemons; the package makes icecc, every system has nobody."""
    return "icecc" if "\nicecc:" in Path("/etc/passwd").read_text() else "nobody"


def log_of(host, program):
    log = host.dir / f"{program}.log"
    log.touch()
    log.chmod(0o666)
    return log


def start_scheduler(host, programs, *options):
    log = log_of(host, "scheduler")
    before = log.read_text(errors="replace").count("scheduler ready")
    process = host.start("scheduler", [programs.scheduler, "-n", NET, "-l", log, "-vvv", *options])
    wait_for(lambda: log.read_text(errors="replace").count("scheduler ready") > before,
             f"{programs.name} scheduler ready")
    keep_awake(host.address, process)
    return process


def keep_awake(address, process):
    """Upstream's scheduler leaves its listener out of poll for a second after each accept and
    looks again only when something wakes it (protocol.md 2.3); a discovery packet does."""
    def knock():
        knocker = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        while process.running():
            try:
                knocker.sendto(b"\x2b", (address, SCHEDULER_PORT))
            except OSError:
                pass
            time.sleep(0.3)
    threading.Thread(target=knock, daemon=True).start()


def start_daemon(host, programs, *options, scheduler=None, slots=2, env=None):
    log = log_of(host, "iceccd")
    argv = [programs.daemon, "-n", NET, "-N", host.name, "-m", slots, "-u", user(),
            "-b", ENV_DIR, "-l", log, "-vvv", *options]
    if scheduler:
        argv += ["-s", scheduler.address]
    # ICECC_TESTS: look for a lost scheduler again after 3 s instead of 20 to 51.
    return host.start("iceccd", argv, {"ICECC_TESTS": "1", **(env or {})})


def wait_socket(host):
    """Until the host's daemon takes connections of clients."""
    path = host.path("/run/icecc/iceccd.socket")

    def answers():
        probe = socket.socket(socket.AF_UNIX)
        try:
            probe.connect(str(path))
            return True
        except OSError:
            return False
        finally:
            probe.close()
    wait_for(answers, f"the daemon of {host.name} to listen")


class Client:
    """Compiles on one host with one suite's icecc; keeps the client's own log for questions.

    Environments are not compressed, on which short tests would spend most of their processor time;
    with `compression` None they are as the suite does it by default."""

    def __init__(self, host, programs, compression="none", **env):
        self.host, self.programs = host, programs
        self.log = log_of(host, "client")
        self.env = {"ICECC_DEBUG": "debug", "ICECC_LOGFILE": str(self.log), **env}
        if compression:
            self.env["ICECC_ENV_COMPRESSION"] = compression

    def run(self, argv, cwd, env=None, **options):
        return self.host.run([self.programs.client, *argv], env={**self.env, **(env or {})},
                             cwd=cwd, **options)

    def start(self, argv, cwd, env=None):
        words = ["sh", "-c", 'cd "$0" && exec "$@"', cwd, self.programs.client, *argv]
        return self.host.start("client", words, {**self.env, **(env or {})})


class Trio:
    """The smallest cluster: scheduler, helper and submitter, by default all of one suite."""

    def __init__(self, cluster, programs, *, helper_options=(), helper_slots=2, prepare=None,
                 scheduler=None, helper=None, submitter=None):
        self.cluster = cluster
        self.programs = programs
        self.sched, self.helper, self.sub = (
            cluster.host(name) for name in ("sched", "helper", "sub"))
        if prepare:
            prepare(self)
        self.scheduler = start_scheduler(self.sched, scheduler or programs)
        self.helper_options, self.helper_slots = helper_options, helper_slots
        self.helper_programs = helper or programs
        self.start_helper()
        self.submitter = start_daemon(self.sub, submitter or programs, scheduler=self.sched)
        self.watch()
        self.wait_ready()
        self.client = Client(self.sub, submitter or programs, ICECC_PREFERRED_HOST="helper")

    def start_helper(self):
        self.helperd = start_daemon(self.helper, self.helper_programs, *self.helper_options,
                                    scheduler=self.sched, slots=self.helper_slots)

    def watch(self):
        self.monitor = Monitor((self.sched.address, SCHEDULER_PORT))

    def wait_ready(self, *names):
        names = names or ("helper", "sub")
        wait_for(lambda: self.monitor.ready(names), f"{names} to be ready for work")

    def wait_idle(self):
        """Until the scheduler knows of no job, assigned or waiting."""
        def idle():
            lines = control(self.sched.address, "listcs", "listjobs")
            counts = [word for line in lines for word in line.split() if word.startswith("jobs=")]
            return " 0 jobs in queue" in lines[0] and counts and all(
                count.startswith("jobs=0/") for count in counts)
        wait_for(idle, "the scheduler to have no jobs")

    def remote_jobs(self):
        return count_in_log(self.helper, COMPILED)

    def compilers_at_work(self):
        """The compilers that run for somebody else: under the daemons' account, not the client's."""
        return self.cluster.strangers("cc1", pwd.getpwnam(user()).pw_uid)

    def traces(self):
        """The files jobs could leave behind on the helper, as paths without what may change."""
        found = set()
        for top in ("/tmp", "/var/tmp", "/run"):
            base = str(self.helper.path(top))
            for folder, folders, files in os.walk(base):
                at = top + folder.removeprefix(base)
                # Other tests may be at work in this very tree, if it lies there.
                folders[:] = [name for name in folders if f"{at}/{name}" != PROJECT]
                found |= {f"{at}/{name}" for name in folders + files}
        return found

    def expect_clean_helper(self, before, what):
        """Nothing of a job is left: no process, and no file that was not there before."""
        self.cluster.expect_no_strangers(what)
        wait_for(lambda: self.traces() <= before,
                 f"{what}: these to go: {sorted(self.traces() - before)[:10]}")


def control(address, *commands):
    """What the scheduler's text port says to these commands, as lines."""
    with socket.create_connection((address, CONTROL_PORT), PATIENCE) as connection:
        stream = connection.makefile("rw", encoding="utf-8", errors="replace", newline="\n")
        stream.write("".join(f"{word}\n" for word in (*commands, "quit")))
        stream.flush()
        return stream.read().splitlines()


def count_in_log(host, phrase, name="iceccd"):
    return (host.dir / f"{name}.log").read_text(errors="replace").count(phrase)


def expect_same(one, other):
    expect(Path(one).read_bytes() == Path(other).read_bytes(), f"{one} and {other} differ")
