"""A desktop without a screen: an X server, a session bus and an accessibility bus, for programs
with windows. What those windows say is read by window_reader.py over the accessibility bus.

Everything runs as nobody: a program with windows has no need of root."""

import json
import shutil
from pathlib import Path

from cluster import TOP, Skip, expect, wait_for

LAUNCHER = "/usr/libexec/at-spi-bus-launcher"
READER = Path(__file__).with_name("window_reader.py")
# Not any python3: Debian's is the one that has Debian's modules.
PYTHON = "/usr/bin/python3"
AS_NOBODY = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]
START_SECONDS = 60


def require(*programs):
    for program in (*programs, "Xvfb", "dbus-daemon", "setpriv", LAUNCHER, PYTHON):
        if not shutil.which(program):
            raise Skip(f"no {program}")


class Desktop:
    def __init__(self, host):
        self.host, self.processes = host, []
        self.reader = TOP / READER.name
        shutil.copy(READER, self.reader)
        self.reader.chmod(0o644)  # nobody may not look into the source tree
        home = host.path("/tmp/desktop")
        home.mkdir()
        home.chmod(0o777)
        bus = "/tmp/desktop/bus"
        self.env = {"DISPLAY": ":7", "DBUS_SESSION_BUS_ADDRESS": f"unix:path={bus}",
                    "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1", "HOME": "/tmp/desktop",
                    "XDG_CACHE_HOME": "/tmp/desktop", "LC_ALL": "C.UTF-8"}
        self._start("xvfb", "Xvfb", ":7", "-nolisten", "tcp", "-screen", "0", "1600x1000x24")
        self._start("bus", "dbus-daemon", "--session", "--nofork", f"--address=unix:path={bus}")
        wait_for(host.path(bus).exists, "the session bus", START_SECONDS)
        wait_for(host.path("/tmp/.X11-unix/X7").exists, "the X server", START_SECONDS)

    def _start(self, name, *argv):
        self.processes.append(self.host.start(name, AS_NOBODY + list(argv), self.env))
        return self.processes[-1]

    def close(self):
        """Ends everything without ceremony: none of it is under test."""
        for process in reversed(self.processes):
            process.kill()

    def _read(self, *argv):
        return self.host.run([*AS_NOBODY, PYTHON, self.reader, *argv], env=self.env, timeout=60)

    def start(self, is_up, program, *argv):
        """Starts the one program to look at; it is ready when its window can be read.

        The accessibility bus comes when is_up() says that the program runs: Qt 5 asks a bus that is
        there already from within a constructor, and what it is told then may be lost."""
        process = self._start(program, program, *argv)
        wait_for(is_up, f"{program} to run", START_SECONDS)
        self._start("launcher", LAUNCHER, "--launch-immediately", "--a11y=1")
        wait_for(lambda: self.look(program)["labels"], f"the window of {program}", START_SECONDS)
        return process

    def look(self, program):
        """The labels and tables of a program's windows: none if it has none, or just changes."""
        done = self._read("look", program)
        return json.loads(done.stdout) if done.returncode == 0 else {"labels": [], "tables": []}

    def press(self, program, item):
        done = self._read("press", program, item)
        expect(done.returncode == 0, f"no menu item {item}: {done.stderr}")
