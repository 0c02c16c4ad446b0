"""Hosts made of namespaces, joined by a bridge: a whole cluster on one machine, for tests and bench.

A test calls run(main). The process is then started again inside its own pid, mount and network
namespaces, so that whatever happens (a failed assertion, Ctrl-C, a kill) the kernel takes every
process, mount, device and file of the cluster away. Files live on a tmpfs at /mnt, which exists
only in there. Needs root; where that or a tool is missing the process exits 77 (skipped).

It knows nothing of icecream: suites.py does.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
import traceback
from pathlib import Path

SKIPPED = 77
INSIDE = "ICECC_NETNS_INSIDE"
TOP = Path("/mnt")
SOURCE = Path(__file__).resolve().parents[2]
NETWORK = "10.77.0."
BROADCAST = NETWORK + "255"
# Longest wait for anything that takes a moment on an idle machine: this one may be busy, and the
# programs slowed down by sanitizers. What passes does not wait for it.
PATIENCE = 60.0
ADDRESS_OF_TEST = 254
UNSHARE = ["unshare", "--net", "--mount", "--pid", "--uts", "--ipc", "--fork", "--kill-child",
           "--mount-proc", "--propagation", "private"]

# What each host does to its own view of the files. The frozen /proc/stat makes every daemon see
# an idle machine: upstream's refuses work on a busy one, and tests must not depend on that. The
# source tree stays where it is, even below a directory that becomes another one.
HOST_SETUP = """
set -e
name=$1 dir=$2 tree=$3
shift 3
hostname "$name"
mkdir "$dir/tree"
mount --bind "$tree" "$dir/tree"
for private; do
    mount -t tmpfs -o "mode=$(stat -c %a "$private")" tmpfs "$private"
done
if [ ! -d "$tree" ]; then
    mkdir -p "$tree"
    mount --bind "$dir/tree" "$tree"
fi
umount "$dir/tree"
rmdir "$dir/tree"
cat /proc/stat >"$dir/stat"
mount --bind "$dir/stat" /proc/stat
ip link set lo up
echo ready
exec sleep infinity
"""

# What no program of ours may ever print.
SANITIZER = re.compile(r"AddressSanitizer|LeakSanitizer|runtime error:|UndefinedBehavior|"
                       r"assertion failed", re.IGNORECASE)


class Skip(Exception):
    """The test cannot run here."""


class Failure(AssertionError):
    """What the test looks for is not so."""


def expect(condition, what):
    if not condition:
        raise Failure(what)


def wait_for(condition, what, seconds=PATIENCE, every=0.05):
    """Waits until condition() is true and returns what it returned; fails at the deadline."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        expect(time.monotonic() < deadline, f"waited {seconds:g} s in vain: {what}")
        time.sleep(every)


def command(*argv, **options):
    return subprocess.run(argv, check=True, text=True, stdout=subprocess.PIPE, **options).stdout


class Process:
    """A program started in a host. Its standard output and error go to one file each."""

    def __init__(self, host, name, argv, env):
        self.host, self.name = host, name
        self.out, self.err = host.dir / f"{name}.out", host.dir / f"{name}.err"
        with open(self.out, "ab") as out, open(self.err, "ab") as err:
            self.popen = subprocess.Popen(host.enter() + host.wrap + argv, stdin=subprocess.DEVNULL,
                                          stdout=out, stderr=err, env=env)
        self.pid = self.popen.pid

    def running(self):
        return self.popen.poll() is None

    def kill(self):
        self.popen.kill()
        self.popen.wait()

    def stop(self):
        """Asks it to end and returns its exit status; one that does not end fails the test."""
        if self.running():
            self.popen.terminate()
        try:
            return self.popen.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.kill()
            raise Failure(f"{self.name} on {self.host.name} ignored SIGTERM") from None


class Host:
    """One machine of the cluster: own network, own host name, own copies of the folders that
    programs share on one machine."""

    PRIVATE = ("/run", "/tmp", "/var/tmp")

    def __init__(self, cluster, name, number, private):
        self.cluster, self.name, self.address = cluster, name, f"{NETWORK}{number}"
        self.wrap = []  # words put in front of every program, once it is inside
        self.dir = TOP / "hosts" / name
        self.dir.mkdir(parents=True)
        self.dir.chmod(0o777)
        self.holder = subprocess.Popen(
            ["unshare", "--net", "--mount", "--uts", "--propagation", "private",
             "sh", "-c", HOST_SETUP, "sh", name, str(self.dir), str(SOURCE), *private],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        expect(self.holder.stdout.readline() == "ready\n", f"cannot make the host {name}")
        self.device = f"v-{name}"[:15]
        command("ip", "link", "add", self.device, "type", "veth",
                "peer", "name", "eth0", "netns", str(self.holder.pid))
        command("ip", "link", "set", self.device, "master", "br0", "up")
        self.run(["ip", "addr", "add", f"{self.address}/24", "broadcast", BROADCAST,
                  "dev", "eth0"], check=True)
        self.run(["ip", "link", "set", "eth0", "up"], check=True)

    def enter(self):
        return ["nsenter", "--target", str(self.holder.pid), "--net", "--mount", "--uts",
                f"--wd={TOP}"]

    def env(self, extra=None):
        env = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": str(self.dir), "LC_ALL": "C",
               "ASAN_OPTIONS": "allow_user_segv_handler=0:detect_leaks=1"}
        env.update(extra or {})
        return env

    def start(self, name, argv, env=None):
        process = Process(self, name, [str(word) for word in argv], self.env(env))
        self.cluster.processes.append(process)
        return process

    def run(self, argv, env=None, cwd=None, timeout=300, no_network=False, **options):
        """Runs a program in this host to its end and returns subprocess's CompletedProcess."""
        prefix = self.enter()
        if cwd:
            prefix[-1] = f"--wd={cwd}"
        if no_network:
            prefix += ["unshare", "--net"]
        prefix += self.wrap
        options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
        return subprocess.run(prefix + [str(word) for word in argv], env=self.env(env), text=True,
                              errors="replace", stdin=subprocess.DEVNULL, timeout=timeout,
                              **options)

    def path(self, inside):
        """How the test reaches a file that only this host sees, such as /var/tmp/x."""
        return Path(f"/proc/{self.holder.pid}/root") / str(inside).lstrip("/")

    def cut_off(self, cut=True):
        """Takes the host off the network without anybody being told, or brings it back."""
        command("ip", "link", "set", self.device, "down" if cut else "up")


class Cluster:
    """All hosts and their processes; leaving the with block stops everything and looks at it."""

    def __init__(self):
        self.hosts, self.processes = {}, []
        self.helpers_of_test = []  # what tests run beside the programs: not strangers

    def __enter__(self):
        command("mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", str(TOP))
        command("ip", "link", "set", "lo", "up")
        command("ip", "link", "add", "br0", "type", "bridge")
        command("ip", "addr", "add", f"{NETWORK}{ADDRESS_OF_TEST}/24", "broadcast", BROADCAST,
                "dev", "br0")
        command("ip", "link", "set", "br0", "up")
        return self

    def __exit__(self, kind, value, trace):
        for process in self.processes:
            if process.running():
                process.kill()

    def host(self, name, private=Host.PRIVATE):
        self.hosts[name] = Host(self, name, len(self.hosts) + 1, private)
        return self.hosts[name]

    def stop_all(self):
        """Ends all programs the polite way; each must say goodbye with status 0."""
        for process in reversed(self.processes):
            if process.running():
                status = process.stop()
                expect(status == 0, f"{process.name} on {process.host.name} ended with {status}")
        for name in sorted(TOP.rglob("*.err")) + sorted(TOP.rglob("*.log")):
            found = SANITIZER.search(name.read_text(errors="replace"))
            expect(not found, f"{name}: {found and found.group()}")

    def strangers(self, word="", user=None):
        """Processes that belong neither to the harness nor to a started program itself: their
        command lines by pid. With a word, those that contain it; with a user id, that user's."""
        known = {os.getpid()} | {p.pid for p in self.processes + self.helpers_of_test} \
            | {h.holder.pid for h in self.hosts.values()}
        found = {}
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit() or int(entry.name) in known:
                continue
            try:
                state = (entry / "stat").read_text().rsplit(")", 1)[1].split()[0]
                words = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                owner = entry.stat().st_uid
            except (OSError, UnicodeError):
                continue
            if state not in "ZX" and word in words and user in (None, owner):
                found[int(entry.name)] = words
        return found

    def expect_no_strangers(self, what, seconds=PATIENCE):
        deadline = time.monotonic() + seconds
        while self.strangers():
            expect(time.monotonic() < deadline, f"{what}: still running: {self.strangers()}")
            time.sleep(0.1)


def keep_logs():
    """Leaves the logs of a failed run where ICECC_KEEP_LOGS says, and their ends on stderr."""
    for log in sorted((TOP / "hosts").rglob("*")):
        if log.suffix in (".log", ".out", ".err") and log.is_file() and log.stat().st_size:
            lines = log.read_text(errors="replace").splitlines()
            print(f"--- {log} ({len(lines)} lines)", *lines[-30:], sep="\n", file=sys.stderr)
            if os.environ.get("ICECC_KEEP_LOGS"):
                kept = Path(os.environ["ICECC_KEEP_LOGS"]) / Path(sys.argv[0]).stem
                kept.mkdir(parents=True, exist_ok=True)
                shutil.copy(log, kept / f"{log.parent.name}-{log.name}")


def why_impossible():
    """Why there can be no cluster of namespaces here, or nothing."""
    if os.environ.get(INSIDE):
        return ""
    if os.geteuid() != 0:
        return "it needs root"
    tools = ("unshare", "nsenter", "ip", "mount", "hostname")
    missing = [tool for tool in tools if not shutil.which(tool)]
    if missing:
        return f"it needs {', '.join(missing)}"
    probe = subprocess.run(UNSHARE + ["ip", "link", "add", "br0", "type", "bridge"], check=False,
                           stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return f"no namespaces or no bridges: {probe.stdout}" if probe.returncode else ""


def go_inside():
    """Starts this program again inside namespaces of its own; returns when that has happened."""
    if os.environ.get(INSIDE):
        return
    sys.stdout.flush()
    os.environ[INSIDE] = "1"
    os.execvp(UNSHARE[0], UNSHARE + [sys.executable, *sys.argv])


def run(main):
    """Runs main(cluster) in a fresh cluster and exits with 0, 1 or 77."""
    reason = why_impossible()
    if reason:
        print(f"skipped: {reason}")
        sys.exit(SKIPPED)
    go_inside()
    # Process 1 of a pid namespace gets no signal it has no handler for.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    status = 0
    with Cluster() as cluster:
        try:
            main(cluster)
            cluster.stop_all()
        except Skip as reason:
            print(f"skipped: {reason}")
            status = SKIPPED
        except Exception:  # Whatever it was, the logs tell why; the test has failed.
            traceback.print_exc()
            keep_logs()
            status = 1
    sys.exit(status)
