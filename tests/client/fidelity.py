"""Compares what a compile leaves behind when the compiler runs alone and when our client runs it:
exit status, both texts byte for byte, and every file with its bytes."""

import fcntl
import os
import pty
import shutil
import struct
import subprocess
import termios
from dataclasses import dataclass, field
from fnmatch import fnmatch

import sources
from cluster import expect

TIME = 1700000000  # of every source file, so that __TIMESTAMP__ is the same in both runs
WINDOW = struct.pack("HHHH", 24, 80, 0, 0)

REMOTE, LOCAL, TWICE, ANYWHERE = "remote", "local", "twice", "anywhere"


@dataclass
class Case:
    """One command line and where it may be compiled."""
    name: str
    words: str
    where: str = REMOTE  # the helper, here, here after the helper did it in vain, or wherever
    env: dict = field(default_factory=dict)
    files: dict = field(default_factory=dict)  # beside those of the table
    times: tuple = ()  # patterns of files whose bytes tell the time: only names are compared
    terminal: bool = False
    fails: bool = False


@dataclass
class Traces:
    status: int
    out: bytes
    err: bytes
    files: dict


def on_terminal(argv, env):
    """Runs with a terminal as standard error, and returns what it showed."""
    parent, child = pty.openpty()
    fcntl.ioctl(child, termios.TIOCSWINSZ, WINDOW)
    process = subprocess.Popen(argv, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=child)
    os.close(child)
    shown = b""
    try:
        while piece := os.read(parent, 65536):
            shown += piece
    except OSError:
        pass  # EIO: the other side is closed
    os.close(parent)
    out = process.communicate()[0]
    return process.returncode, out, shown


def through_pipes(argv, env):
    done = subprocess.run(argv, env=env, stdin=subprocess.DEVNULL, capture_output=True,
                          timeout=120, check=False)
    return done.returncode, done.stdout, done.stderr


def prepare(where, files):
    shutil.rmtree(where)
    where.mkdir()
    where.chmod(0o777)
    for name, text in files.items():
        path = where / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        os.utime(path, (TIME, TIME))


def traces(client, case, files, prefix):
    """Runs the case in a fresh folder, always the same one: its name is part of some outputs."""
    where = sources.folder("fidelity")
    prepare(where, {**files, **case.files})
    host = client.host
    enter = [*host.enter()[:-1], f"--wd={where}", "sh", "-c", case.words.replace("CC", prefix, 1)]
    env = host.env({**client.env, **case.env})
    run = on_terminal if case.terminal else through_pipes
    status, out, err = run([*enter], env)
    left = {str(path.relative_to(where)): path.read_bytes() if path.is_file() else b""
            for path in where.rglob("*")}
    return Traces(status, out, err, left)


def place_of(log):
    """Where our client compiled, by its own log."""
    if "invoking: " not in log:
        return REMOTE
    return TWICE if "preparing source to send" in log else LOCAL


def differences(case, alone, ours):
    if alone.status != ours.status:
        yield f"exit status {ours.status} instead of {alone.status}"
    for name, right, got in (("stdout", alone.out, ours.out), ("stderr", alone.err, ours.err)):
        if right != got:
            yield f"{name}:\n{got.decode(errors='replace')}\ninstead of:\n" \
                  f"{right.decode(errors='replace')}"
    for name in sorted(alone.files.keys() ^ ours.files.keys()):
        yield f"{name} is {'missing' if name in alone.files else 'too much'}"
    for name in sorted(alone.files.keys() & ours.files.keys()):
        told = any(fnmatch(name, pattern) for pattern in case.times)
        if not told and alone.files[name] != ours.files[name]:
            yield f"{name} has other bytes"


def problems(client, case, files):
    """All that is wrong with one case."""
    alone = traces(client, case, files, "")
    client.log.write_text("")
    ours = traces(client, case, files, str(client.programs.client) + " ")
    found = list(differences(case, alone, ours))
    if (alone.status != 0) != case.fails:
        found.append(f"the case itself: status {alone.status}, {alone.err!r}")
    place = place_of(client.log.read_text(errors="replace"))
    if case.where not in (place, ANYWHERE):
        found.append(f"compiled {place}, not {case.where}")
    return found


def about(compiler, cases):
    """Those of the cases that are about gcc, or those about clang."""
    return [case for case in cases if ("clang" in case.words) == (compiler == "clang")]


def check(client, cases, files):
    wrong = []
    for case in cases:
        wrong += [f"{case.name} [{case.words}]: {what}" for what in problems(client, case, files)]
    expect(not wrong, "\n".join(wrong))
