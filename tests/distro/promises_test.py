#!/usr/bin/env python3
"""G01, G03, G06 to G08, G11, G13, G29: what the how-to promises about a cluster as a whole, or should have."""

import json
import subprocess
import tarfile
import threading

import cluster
import sources
import suites
from checks import compile_remotely, compile_right
from cluster import command, expect, wait_for

CRASHING = "int main(void) { __builtin_trap(); }\n"  # an illegal instruction


class FakeLoad:
    """Makes a host look as if somebody else kept its processors busy: see cluster.HOST_SETUP."""

    def __init__(self, host):
        self.path, self.ticks = host.dir / "stat", 0
        self.rest = self.path.read_text().split("\n", 1)[1]
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)

    def run(self):
        while not self.over.wait(0.1):
            self.ticks += 1000
            # In place and of one length: a reader never sees half of it.
            text = f"cpu {self.ticks:012d} 0 0 1000000 0 0 0 0 0 0\n{self.rest}"
            with open(self.path, "r+", encoding="ascii") as stat:
                stat.write(text)

    def __enter__(self):
        self.thread.start()

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()


def traffic(host):
    """Bytes to and from a host."""
    link, = json.loads(command("ip", "-s", "-j", "link", "show", "dev", host.device))
    return link["stats64"]["rx"]["bytes"] + link["stats64"]["tx"]["bytes"]


def load_counts(trio, where):
    """G03: the mostly idle machine gets the jobs. Nobody prefers a host here."""
    other = trio.cluster.host("other")
    others = suites.start_daemon(other, trio.programs, scheduler=trio.sched)
    trio.wait_ready("helper", "sub", "other")
    client = suites.Client(trio.sub, trio.programs)
    busy, idle = trio.helper, other

    def share(host):
        return suites.count_in_log(host, suites.COMPILED)

    with FakeLoad(busy):
        def refuses():
            state = [line for line in suites.control(trio.sched.address, "listcs")
                     if line.strip().startswith("helper ")]
            return "load=1000" in " ".join(state)
        wait_for(refuses, "the scheduler to hear of the load")
        before = share(busy), share(idle)
        for _ in range(8):
            compile_right(client, where)
        wait_for(lambda: share(idle) > before[1], "the idle machine to get jobs")
        expect(share(busy) == before[0], "a busy machine got jobs")
    others.stop()


def payload_goes_directly(trio, before):
    """G07: the how-to says that everything passes the scheduler; nothing does but decisions."""
    helped, decided = traffic(trio.helper), traffic(trio.sched) - before
    expect(helped > 5_000_000, f"the helper saw {helped} bytes only: was the compiler sent at all?")
    expect(decided < 500_000, f"{decided} bytes passed the scheduler")


def slow_network(trio, where):
    """G11: 10 Mbit/s are enough. Where the kernel cannot shape traffic, full speed is tried."""
    device = ["dev", trio.helper.device, "root"]
    shaped = subprocess.run(["tc", "qdisc", "add", *device, "tbf", "rate", "10mbit", "burst", "32kb",
                             "latency", "400ms"], check=False)
    if shaped.returncode != 0:
        print("note: no traffic shaping here")
    compile_remotely(trio, where)
    if shaped.returncode == 0:
        command("tc", "qdisc", "del", *device)


def crashing_compiler(trio, where):
    """G08: a compiler proper built for another processor dies on the helper; its unit does not."""
    done = trio.sub.run([trio.programs.create_env, "gcc", "--compression", "none"], cwd=where)
    expect(done.returncode == 0, f"icecc-create-env: {done.stderr}")
    original, result = next(where.glob("*.tar")), where / "wrong-processor.tar.gz"
    (where / "crash.c").write_text(CRASHING)
    trio.sub.run(["gcc", "-static", "-o", "crash", "crash.c"], cwd=where, check=True)
    with tarfile.open(original) as old, tarfile.open(result, "w:gz", compresslevel=1) as new:
        for member in old.getmembers():
            if member.name.lstrip("./") != "usr/bin/cc1":
                new.addfile(member, old.extractfile(member) if member.isreg() else None)
        new.add(where / "crash", "usr/bin/cc1")
    compile_right(trio.client, where, env={"ICECC_VERSION": str(result)})
    said = trio.client.log.read_text()
    expect("unable to handle environment" in said and "Illegal instruction" in said,
           "nobody said that the compiler is for another processor")


def helper_without_compiler(trio, where):
    """G06: the helper uses what it was sent."""
    trio.helper.run(["mount", "-t", "tmpfs", "tmpfs", "/usr/lib/gcc"], check=True)
    expect(trio.helper.run(["gcc", "-c", "unit.c", "-o", "none.o"], cwd=where).returncode != 0,
           "the helper's own compiler still works")
    compile_remotely(trio, where)
    trio.helper.run(["umount", "/usr/lib/gcc"], check=True)


def reverse_direction(trio, where):
    """G29: who was helped helps."""
    client = suites.Client(trio.helper, trio.programs, ICECC_PREFERRED_HOST="sub")
    compile_right(client, where)
    wait_for(lambda: suites.count_in_log(trio.sub, suites.COMPILED) == 1, "the submitter to have helped")


def main(net):
    trio = suites.Trio(net, suites.chosen())
    where = sources.folder("promises")
    sources.write_pair(where)
    before = traffic(trio.sched)
    compile_remotely(trio, where)
    payload_goes_directly(trio, before)
    helper_without_compiler(trio, where)
    slow_network(trio, where)
    reverse_direction(trio, where)
    crashing_compiler(trio, where)
    load_counts(trio, where)
    trio.scheduler.stop()  # G13
    compile_right(suites.Client(trio.sub, trio.programs), where)


cluster.run(main)
