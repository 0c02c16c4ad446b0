"""One suite's hosts with their share of processors and network, and how to measure on them."""

import json
import shutil
import time
from pathlib import Path

import suites
from cluster import TOP, command, expect, wait_for
from control_groups import Group
from wire import Monitor

HELPERS = ("help1", "help2")


class World:
    """Scheduler, submitter and two helpers of one suite; `programs` None: no cluster at all."""

    def __init__(self, net, name, programs, options):
        self.net, self.name, self.programs, self.options = net, name, programs, options
        self.hosts, self.groups, self.daemons = {}, {}, {}
        cpus = {"sched": 1.0, "sub": options.submitter_cpus}
        for role in ("sched", "sub", *(HELPERS if programs else ())):
            host = net.host(f"{name[:6]}-{role}")
            self.groups[role] = Group(host.name, cpus.get(role, options.helper_cpus))
            host.wrap = self.groups[role].wrap()
            self._limit(host)
            self.hosts[role] = host

    def _limit(self, host):
        shape = ["root", "tbf", "rate", self.options.rate, "burst", "256kb", "latency", "50ms"]
        command("tc", "qdisc", "add", "dev", host.device, *shape)
        host.run(["tc", "qdisc", "add", "dev", "eth0", *shape], check=True)

    # --- the cluster ---

    def start(self):
        """Everything from nothing: no environment made, none installed."""
        for role in ("sub", *HELPERS):
            for path in self.hosts[role].path("/var/tmp").iterdir():
                shutil.rmtree(path, ignore_errors=True)
        # A net of its own: where two schedulers meet, one sends its daemons to the other.
        net = ["-n", f"bench-{self.name}"]
        self.daemons["sched"] = suites.start_scheduler(self.hosts["sched"], self.programs, *net)
        for role in HELPERS:
            self.daemons[role] = suites.start_daemon(
                self.hosts[role], self.programs, *net, scheduler=self.hosts["sched"],
                slots=self.options.helper_slots)
        self.daemons["sub"] = suites.start_daemon(
            self.hosts["sub"], self.programs, "--no-remote", *net,
            scheduler=self.hosts["sched"], slots=self.options.submitter_slots)
        self.monitor = Monitor((self.hosts["sched"].address, suites.SCHEDULER_PORT))
        names = [host.name for role, host in self.hosts.items() if role != "sched"]
        wait_for(lambda: self.monitor.ready(names), f"{names} to be ready", 90)

    def stop(self):
        for role in ("sub", *HELPERS, "sched"):
            self.daemons.pop(role).stop()
        self.net.expect_no_strangers(f"{self.name} stopped", 30)

    # --- work ---

    def compile_on(self, helper, folder):
        """One unit on this helper; seconds until its object is there."""
        (folder / "one.c").write_text("int one(void) { return 1; }\n")
        client = suites.Client(self.hosts["sub"], self.programs, compression=None)
        began = time.monotonic()
        done = client.run(["gcc", "-O2", "-c", "one.c", "-o", "one.o"], folder,
                          env={"ICECC_PREFERRED_HOST": self.hosts[helper].name})
        seconds = time.monotonic() - began
        expect(done.returncode == 0, f"{self.name}: {done.stderr}")
        wait_for(lambda: suites.count_in_log(self.hosts[helper], suites.COMPILED) > 0,
                 f"{self.name}: {helper} to have compiled it", 5)
        return seconds

    def build(self, work, folder):
        """The whole workload, in parallel; what it took, per unit where that makes sense."""
        sub = self.hosts["sub"]
        launcher = [str(self.programs.client)] if self.programs else []
        for path in folder.glob("*.o"):
            path.unlink()
        jobs_before = set(self.monitor.jobs) if self.programs else set()
        cpu, helper_cpu, traffic = self._cpu("sub"), self._cpu(*HELPERS), self.traffic()
        began = time.monotonic()
        done = sub.run(["xargs", "-a", "words", "-P", self.options.jobs if self.programs else
                        self.options.local_jobs, "-L", "1", *launcher, work.compiler],
                       cwd=folder, timeout=1800, env=self.env())
        wall = time.monotonic() - began
        expect(done.returncode == 0, f"{self.name}: {done.stderr[-2000:]}")
        count = len(work.sources)
        result = {"wall_s": wall, "cpu_ms_per_unit":
                  (self._cpu("sub") - cpu) * 1000 / count,
                  "kb_per_unit": (self.traffic() - traffic) / 1024 / count}
        if self.programs:
            time.sleep(0.5)  # the monitor feed is corked for up to 200 ms, and helpers tidy up
            result["helper_cpu_ms_per_unit"] = (self._cpu(*HELPERS) - helper_cpu) * 1000 / count
            result["remote_share"] = self._remote(jobs_before) / count
        return result

    def env(self):
        # Upstream compiles again locally whatever gave a warning, unless told that it need not.
        return {"ICECC_CARET_WORKAROUND": "0"}

    def _remote(self, before):
        helpers = {self.hosts[role].name for role in HELPERS}
        return sum(self.monitor.name(job.get("server")) in helpers
                   for number, job in self.monitor.jobs.items() if number not in before)

    # --- measuring ---

    def _cpu(self, *roles):
        return sum(self.groups[role].cpu_seconds() for role in roles if role in self.groups)

    def traffic(self):
        """Bytes over the submitter's link so far, both ways."""
        link = json.loads(command("ip", "-s", "-j", "link", "show", self.hosts["sub"].device))[0]
        return link["stats64"]["rx"]["bytes"] + link["stats64"]["tx"]["bytes"]

    def memory_mb(self, role):
        """Proportional memory of a daemon now, and its peak resident size."""
        process = Path(f"/proc/{self.daemons[role].pid}")
        rollup = (process / "smaps_rollup").read_text().split()
        status = (process / "status").read_text().split()
        return (int(rollup[rollup.index("Pss:") + 1]) / 1024,
                int(status[status.index("VmHWM:") + 1]) / 1024)

    def close(self):
        for group in self.groups.values():
            group.remove()


def work_folder(name):
    return TOP / "bench" / name
