#!/usr/bin/env python3
"""The cluster of upstream's tests/test.sh: everything on one machine, by one user, over loopback.

As log-vocabulary.md 4 and 5 describe it: a scheduler, a daemon that only submits and two that only help,
told apart by their ports; nobody is root; SIGHUP makes barriers. Logs exist before the programs do.
"""

import pwd
import shutil
import signal
import subprocess

import cluster
import sources
import suites
from cluster import Skip, expect, wait_for

USER = pwd.getpwnam("nobody")
NET = "icecctestnetname"
PORT, SECOND_PORT = 8767, 8769
HELPERS = {"remoteice1": 10246, "remoteice2": 10247}
DAEMONS = len(HELPERS) + 1
PREFERRED = "has announced itself as a preferred scheduler, disconnecting all connections"


class Machine:
    def __init__(self, net):
        self.programs = suites.chosen()
        # What upstream wants of a daemon that is not root. Ours needs it not, but must not be harmed.
        given = subprocess.run(["setcap", "cap_sys_chroot+ep", self.programs.daemon], check=False)
        if given.returncode:
            raise Skip("setcap does not work here")
        self.host = net.host("machine")
        self.host.run(["ip", "link", "set", "eth0", "down"], check=True)
        self.host.wrap = ["setpriv", f"--reuid={USER.pw_uid}", f"--regid={USER.pw_gid}", "--clear-groups"]
        self.results = self.host.dir / "tests/results"
        self.results.mkdir(parents=True)
        for folder in (self.results, self.results.parent):
            folder.chmod(0o777)
        self.mark, self.marks, self.running = self.results / "mark", 0, {}
        self.env = {"ICECC_TESTS": "1", "ICECC_TEST_SCHEDULER_PORTS": f"{PORT}:{SECOND_PORT}",
                    "ICECC_TEST_FLUSH_LOG_MARK": str(self.mark)}

    def log(self, name):
        return self.results / f"{name}.log"

    def text(self, name):
        return self.log(name).read_text(errors="replace") if self.log(name).exists() else ""

    def start(self, name, program, *options, **env):
        if not self.log(name).exists():
            self.log(name).touch()
            self.log(name).chmod(0o666)
        words = [program, "-l", self.log(name), "-v", "-v", "-v", *options]
        self.running[name] = self.host.start(name, words, {**self.env, **env})
        return self.running[name]

    def scheduler(self, name="scheduler", net=NET, port=PORT, **env):
        before = self.text(name).count("scheduler ready")
        process = self.start(name, self.programs.scheduler, "-p", port, "-n", net, **env)
        ready = "scheduler ready, algorithm: FASTEST"
        wait_for(lambda: self.text(name).count(ready) > before, name)
        return process

    def daemon(self, name, *options):
        return self.start(name, self.programs.daemon, "-n", NET, "-N", name, "-u", USER.pw_name,
                          "-b", self.results / f"envs-{name}", *options,
                          ICECC_TEST_SOCKET=str(self.results / f"socket-{name}"),
                          ICECC_SCHEDULER=f":{PORT}")

    def connected(self):
        return sum(self.text(name).count("Connected to scheduler") for name in ("localice", *HELPERS))

    def barrier(self):
        """SIGHUP to all, and all their logs say that they saw it; idle as well, says the scheduler."""
        self.marks += 1
        self.mark.write_text(f"={self.marks}=\n")
        running = [name for name, process in self.running.items() if process.running()]
        for name in running:
            self.running[name].popen.send_signal(signal.SIGHUP)
        phrase = f"flush log mark: ={self.marks}="
        wait_for(lambda: all(phrase in self.text(name) for name in running), phrase)

    def expect_idle(self):
        said = "printf 'listcs\\nquit\\n' >&3; cat <&3"
        done = self.host.run(["bash", "-c", f"exec 3<>/dev/tcp/localhost/{PORT + 1}; {said}"])
        expect("200 Use 'help' for help and 'quit' to quit." in done.stdout, f"no greeting: {done.stdout}")
        idle = " 3 hosts," in done.stdout and " 0 jobs in queue" in done.stdout
        expect(idle and done.stdout.count("jobs=0/") == 3, f"not idle: {done.stdout}")

    def compile(self, argv, preferred, **env):
        """Compiles. Returns what the client's log says, and what all others said meanwhile."""
        log = self.log("icecc")
        log.unlink(missing_ok=True)
        before = {name: len(self.text(name)) for name in self.running}
        env = {"ICECC_TEST_SOCKET": str(self.results / "socket-localice"), "ICECC_TEST_REMOTEBUILD": "1",
               "ICECC_DEBUG": "debug", "ICECC_LOGFILE": str(log), "ICECC_PREFERRED_HOST": preferred,
               "ICECC_ENV_COMPRESSION": "none", **env}
        where = self.results.parent
        sources.write_pair(where)
        (where / "part.c").write_text("int main(void) { return 0; }\n")
        local = self.host.run([*argv, "-o", self.results / "local.o"], cwd=where)
        done = self.host.run([self.programs.client, *argv, "-o", self.results / "remote.o"], env=env,
                             cwd=where)
        expect((done.returncode, done.stderr) == (local.returncode, local.stderr), f"{argv}: {done.stderr}")
        suites.expect_same(self.results / "remote.o", self.results / "local.o")
        self.barrier()
        news = {name: self.text(name)[size:] for name, size in before.items()}
        return log.read_text(errors="replace"), news


def compiles_everywhere(machine):
    for argv in (["gcc", "-O2", "-c", "unit.c"], ["clang++", "-std=c++20", "-c", "unit.cpp"]):
        for name, port in HELPERS.items():
            client, logs = machine.compile(argv, name)
            expect(f"Have to use host 127.0.0.1:{port}" in client, client)
            expect("<building_local>" not in client, client)
            expect("Remote compilation completed with exit code 0" in logs[name], f"{name}: {logs[name]}")
            machine.expect_idle()
        client, _ = machine.compile(argv, "localice")
        expect("building myself, but telling localhost" in client and "Have to use" not in client, client)
        machine.expect_idle()


def environments_nobody_can_use(machine):
    argv = ["gcc", "-O2", "-c", "unit.c"]
    client, logs = machine.compile(argv, "remoteice2", ICECC_ENV_COMPRESSION="zstd")
    expect("No suitable host found, assigning submitter" in logs["scheduler"], logs["scheduler"])
    expect("building myself, but telling localhost" in client, client)
    broken = machine.results / "brokenenvfile.tar.gz"
    broken.write_bytes(b"no archive " * 100)
    client, _ = machine.compile(argv, "remoteice1", ICECC_VERSION=str(broken))
    expect("got exception Error 25 - other error verifying environment on remote" in client, client)
    machine.expect_idle()


def no_local_slots(machine):
    expect(machine.running["localice"].stop() == 0, "localice ended badly")
    before = machine.connected()
    machine.daemon("localice", "--no-remote", "-m", 0)
    wait_for(lambda: machine.connected() > before, "localice to come back")
    client, _ = machine.compile(["gcc", "-c", "part.c"], "")
    expect("Have to use host 127.0.0.1:102" in client, client)
    client, _ = machine.compile(["gcc", "part.c"], "")
    expect("<building_local>" in client, client)


def other_schedulers(machine):
    other = machine.scheduler("secondary", f"{NET}_secondary", SECOND_PORT)
    heard = f"(version 44, netname {NET}_secondary)"
    wait_for(lambda: heard in machine.text("scheduler"), "the other net's announcement")
    expect(other.stop() == 0, "the scheduler of the other net ended badly")
    expect(PREFERRED not in machine.text("scheduler"), "a scheduler of another net is preferred")
    before = machine.connected()
    better = machine.scheduler("secondary", NET, SECOND_PORT, ICECC_FAKE_STARTTIME="1")
    wait_for(lambda: PREFERRED in machine.text("scheduler"), PREFERRED)
    wait_for(lambda: machine.connected() >= before + DAEMONS, "all at the better one")
    expect(better.stop() == 0, "the better scheduler ended badly")
    wait_for(lambda: machine.connected() >= before + 2 * DAEMONS, "all to return")
    client, _ = machine.compile(["gcc", "-c", "unit.c"], "remoteice1")
    expect("Have to use host 127.0.0.1:10246" in client, client)


def main(net):
    if not shutil.which("setcap"):
        raise Skip("there is no setcap")
    machine = Machine(net)
    machine.scheduler()
    for name, port in HELPERS.items():
        machine.daemon(name, "-p", port, "-m", 2)
    machine.daemon("localice", "--no-remote", "-m", 2)
    wait_for(lambda: machine.connected() == 3, "all daemons at the scheduler")
    logins = [f"login {name} protocol version: 44" for name in ("localice", *HELPERS)]
    wait_for(lambda: all(line in machine.text("scheduler") for line in logins), f"{logins}")
    machine.barrier()
    for scenario in (compiles_everywhere, environments_nobody_can_use, no_local_slots, other_schedulers):
        scenario(machine)
        print(f"passed: {scenario.__name__}", flush=True)
    for name, process in machine.running.items():
        if process.running():
            expect(process.stop() == 0, f"{name} ended badly")
    left = [*machine.results.glob("envs-*"), *machine.results.glob("socket-*")]
    gone = machine.host.run(["rm", "-rf", *left])
    expect(gone.returncode == 0, f"the user cannot remove what daemons left: {gone.stderr}")


cluster.run(main)
