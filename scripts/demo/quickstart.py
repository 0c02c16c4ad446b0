#!/usr/bin/env python3
"""Compiles a project on an embedded cluster and shows what happened; see scripts/quickstart."""

import argparse
import collections
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests/netns"))

# pylint: disable=wrong-import-position
import cluster  # noqa: E402
import embedded  # noqa: E402
import project  # noqa: E402
import report  # noqa: E402

INTERRUPTED = 130


def rows_of(units, monitor):
    """What the scheduler's feed says about each unit. Jobs are matched by the name monitors show;
    a unit compiled twice (other flags) takes the jobs of that name in order, those that brought an
    object first: a job that was begun anew with its macros expanded here has brought nothing."""
    jobs = collections.defaultdict(list)
    for _, job in sorted(monitor.jobs.items()):
        jobs[job.get("file", "").lstrip("/")].append(job)
    for found in jobs.values():
        found.sort(key=lambda job: not job.get("out_uncompressed"))
    rows = []
    for unit in units:
        found = jobs.get(unit.shown())
        job = found.pop(0) if found else {}
        rows.append({"unit": unit.shown(), "where": monitor.name(job["server"])
                     if "server" in job else "submitter",
                     "seconds": job["real_msec"] / 1000 if "real_msec" in job else None,
                     "sent": job.get("in_compressed", 0), "object": job.get("out_uncompressed", 0)})
    return rows


def running(monitor):
    return collections.Counter(monitor.name(job["server"]) for job in list(monitor.jobs.values())
                               if "server" in job and "exit" not in job)


def build_remotely(place, units, jobs):
    folder = place.work / "remote"
    project.write_ninja(units, folder, [str(place.icecc)])
    progress = report.Progress(len(units))
    began = time.monotonic()
    ninja = place.start(["ninja", "-k", "0", "-j", str(jobs), "-C", str(folder)], str(folder))
    said = subprocess.Popen(["cat"], stdin=ninja.stdout, stdout=subprocess.PIPE, text=True)
    while ninja.poll() is None:
        progress.show(rows_of(units, place.monitor), running(place.monitor))
        try:
            ninja.wait(0.3)
        except subprocess.TimeoutExpired:
            pass
    seconds = time.monotonic() - began
    progress.end()
    time.sleep(0.5)  # the feed is corked: its last lines may be 200 ms late
    return seconds, said.communicate()[0]


def build_locally(place, units, jobs):
    folder = place.work / "local"
    project.write_ninja(units, folder, [])
    began = time.monotonic()
    done = subprocess.run(["ninja", "-k", "0", "-j", str(jobs), "-C", str(folder)], check=False,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True)
    return time.monotonic() - began, done.stdout


def compare(place, units, references):
    """The units whose objects differ, and those that do not compile locally either."""
    different, hopeless = [], []
    for number, (unit, local) in enumerate(zip(units, references)):
        remote = place.work / "remote" / f"{number}.o"
        if not local.exists():
            hopeless.append(unit)
        elif not remote.exists() or remote.read_bytes() != local.read_bytes():
            different.append(unit)
    return different, hopeless


def local_objects(place, units, options):
    """What the local compiler makes of the units, and the seconds it needs; of a project that has
    just been built here that is known already."""
    if options.built:
        return ([unit.own_object for unit in units],
                project.seconds_spent(units, options.folder, options.jobs), "")
    print("compiling them locally, to compare", flush=True)
    seconds, said = build_locally(place, units, options.jobs)
    return [place.work / "local" / f"{n}.o" for n in range(len(units))], seconds, said


def show(place, options, slots):
    units = project.read(options.folder)
    if not units:
        sys.exit(f"quickstart: no C or C++ units in {options.folder}/compile_commands.json")
    if options.built:  # but for targets that are not built unless asked for
        units = [unit for unit in units if unit.own_object.exists()]
    print(f"cluster: scheduler, submitter and {len(embedded.HELPERS)} helpers with {slots} slots "
          f"each, {place.where}", flush=True)
    print(f"compiling {len(units)} units of {options.folder} through the cluster", flush=True)
    remote_seconds, said = build_remotely(place, units, len(embedded.HELPERS) * slots + 2)
    rows = rows_of(units, place.monitor)
    references, local_seconds, local_said = local_objects(place, units, options)
    different, hopeless = compare(place, units, references)
    report.table(rows)
    if hopeless:
        print(f"\n{len(hopeless)} units do not compile locally either, such as "
              f"{hopeless[0].shown()}:\n{local_said[-1500:]}")
    if different:
        print(f"\n{len(different)} objects differ from the local compiler's or are missing: "
              + ", ".join(unit.shown() for unit in different) + f"\n{said[-3000:]}")
    good = len(units) - len(hopeless)
    remote = sum(row["where"] in embedded.HELPERS for row in rows)
    print(f"\n{good - len(different)} of {good} objects are identical to the local compiler's; "
          f"{remote} of {len(units)} units ({100 * remote // len(units)} %) were compiled remotely; "
          f"{remote_seconds:.1f} s through the cluster, {local_seconds:.1f} s locally "
          "(the helpers share this machine's processors).")
    return 1 if different or remote == 0 else 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--built", action="store_true",
                        help="folder has just been built by ninja, without debug information")
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    slots = max(2, os.cpu_count())

    def guarded(net=None):
        place = embedded.Namespaces(net, slots) if net else embedded.Loopback(slots)
        try:
            return show(place, options, slots)
        finally:
            place.stop()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    try:
        if not cluster.why_impossible():
            cluster.go_inside()
            with cluster.Cluster() as net:
                sys.exit(guarded(net))
        sys.exit(guarded())
    except KeyboardInterrupt:
        print("\ninterrupted: everything is stopped and removed")
        sys.exit(INTERRUPTED)
    except cluster.Failure as failure:
        print(f"quickstart: {failure}", file=sys.stderr)
        cluster.keep_logs()
        sys.exit(1)


if __name__ == "__main__":
    main()
