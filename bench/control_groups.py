"""A control group per host: its share of the processors, and what its programs have used of them.
Speaks both layouts: v1 (separate cpu and cpuacct trees) and v2 (one tree)."""

import os
import time
from pathlib import Path

ROOT = Path("/sys/fs/cgroup")
PREFIX = "icecc-bench-"
PERIOD_US = 10_000  # short, so that a quota spreads over time instead of stopping and going


class Group:
    def __init__(self, name, cpus):
        trees = [ROOT / "cpu", ROOT / "cpuacct"] if (ROOT / "cpu").is_dir() else [ROOT]
        self.v1 = len(trees) == 2
        self.folders = [tree / f"{PREFIX}{os.stat('/proc/self/ns/pid').st_ino}-{name}" for tree in trees]
        for folder in self.folders:
            folder.mkdir(exist_ok=True)
        quota = int(cpus * PERIOD_US)
        if self.v1:
            (self.folders[0] / "cpu.cfs_period_us").write_text(str(PERIOD_US))
            (self.folders[0] / "cpu.cfs_quota_us").write_text(str(quota))
        else:
            (self.folders[0] / "cpu.max").write_text(f"{quota} {PERIOD_US}")

    def wrap(self):
        """The words that put a program into the group and then execute it."""
        files = " ".join(str(folder / "cgroup.procs") for folder in self.folders)
        return ["sh", "-c", f'for f in {files}; do echo $$ >"$f"; done; exec "$@"', "sh"]

    def cpu_seconds(self):
        if self.v1:
            return int((self.folders[1] / "cpuacct.usage").read_text()) / 1e9
        lines = (self.folders[0] / "cpu.stat").read_text().split()
        return int(lines[lines.index("usage_usec") + 1]) / 1e6

    def remove(self):
        """Possible once its processes are gone; the kernel takes a moment to see that."""
        for folder in self.folders:
            for _ in range(50):
                try:
                    folder.rmdir()
                    break
                except OSError:
                    time.sleep(0.05)


def remove_stale():
    """Groups of runs that were killed; one that still has processes stays."""
    for tree in (ROOT / "cpu", ROOT / "cpuacct", ROOT):
        for folder in tree.glob(f"{PREFIX}*"):
            try:
                folder.rmdir()
            except OSError:
                pass
