#!/usr/bin/env python3
"""Peers that send rubbish, too much, too little or too slowly are dropped with one line in the log
that names them; everybody else goes on, during the attack and after it."""

import re
import socket
import struct
import time

import cluster
import sources
import suites
import wire
from checks import compile_remotely
from cluster import ADDRESS_OF_TEST, NETWORK, expect, wait_for

PEER = f"{NETWORK}{ADDRESS_OF_TEST}"
HANDSHAKE = struct.pack("<I", wire.MAX_VERSION)
DROP_SECONDS = 12   # for what is plainly wrong: less than the shortest patience, 15 s
CROWD = 600         # more than a daemon keeps connections to one machine, and to all others together
SLOW_SECONDS = 90   # for what is only late: more than the longest patience, a minute


class Raw:
    """A connection without manners."""

    def __init__(self, address, *pieces):
        self.sock = socket.create_connection(address, 10)
        for piece in pieces:
            self.send(piece)

    def send(self, data):
        try:
            self.sock.sendall(data)
        except ConnectionError:
            pass

    def dropped(self, seconds):
        self.sock.settimeout(seconds)
        try:
            self.read_all()
        except TimeoutError:
            return False
        except ConnectionError:
            pass
        return True

    def read_all(self):
        said = b""
        while got := self.sock.recv(65536):
            said += got
        return said


def login(name):
    """A LOGIN as a daemon that can do nothing."""
    return wire.frame(wire.LOGIN, wire.u32(0) * 3 + wire.text(name) + wire.text("x86_64")
                      + wire.u32(1) + wire.u32(1) + wire.u32(0))


def rubbish(greeting):
    """What is wrong from the first look at it, by name; greeting: what makes frames welcome."""
    shaken = [HANDSHAKE, HANDSHAKE]
    framed = shaken + greeting
    return {
        "http": [b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"],
        "version zero": [b"\0\0\0\0"],
        "version too high": [struct.pack("<I", (1 << 20) + 1)],
        "wrong minimum": [HANDSHAKE, struct.pack("<I", 22)],
        "length zero": framed + [wire.u32(0)],
        "length above the limit": framed + [wire.u32((1 << 20) + 1), wire.u32(wire.END)],
        "length of everything": framed + [b"\xff" * 8],
        "unknown type": framed + [wire.frame(4711)],
        "type 65": framed + [wire.frame(65)],
        "bytes after the fields": framed + [wire.frame(wire.END, b"surplus")],
        "string beyond the frame": framed + [wire.frame(wire.STATUS_TEXT, wire.u32(1 << 30))],
        "list beyond the frame": framed + [wire.frame(wire.GET_CS, wire.u32(1 << 30))],
        "string without its end": framed + [wire.frame(wire.STATUS_TEXT, wire.u32(2) + b"ab")],
        "message for somebody else": framed + [wire.frame(wire.MON_STATS,
                                                          wire.u32(1) + wire.text("x"))],
        "random bytes": framed + [bytes(i * 37 % 251 for i in range(5000))],
    }


def late(greeting):
    """What starts well and does not go on."""
    return {
        "says nothing": [],
        "half a handshake": [HANDSHAKE[:3]],
        "half a frame": [HANDSHAKE, HANDSHAKE, *greeting, wire.u32(1000), b"\0\0\0"],
    }


def complaints(log):
    """The lines that name us, but for those that only say that somebody came."""
    return [line for line in log.read_text(errors="replace").splitlines()
            if PEER in line and not re.search(r"\baccepted\b|\blogin\b", line)]


def attack_at_once(label, address, log, greeting):
    for name, pieces in rubbish(greeting).items():
        before = len(complaints(log))
        expect(Raw(address, *pieces).dropped(DROP_SECONDS), f"{label}: '{name}' is not dropped")
        wait_for(lambda: len(complaints(log)) > before, f"{label}: a line about '{name}'")
        expect(len(complaints(log)) == before + 1, f"{label}: '{name}' gave more than one line: "
               + str(complaints(log)[before:]))


def start_slow_ones(label, address, greeting):
    return {f"{label}: '{name}'": Raw(address, *pieces)
            for name, pieces in late(greeting).items()}


def drip(address, seconds):
    """A whole valid message, one byte at a time, and the daemon must be free in between."""
    raw = Raw(address)
    for byte in HANDSHAKE * 2 + wire.frame(wire.GET_INTERNALS):
        raw.send(bytes([byte]))
        time.sleep(seconds)
    return raw


def main(net):
    trio = suites.Trio(net, suites.chosen())
    where = sources.folder("one")
    sources.write_pair(where)
    compile_remotely(trio, where)
    helper = (trio.helper.address, suites.DAEMON_PORT)
    sched = (trio.sched.address, suites.SCHEDULER_PORT)
    logs = {helper: trio.helper.dir / "iceccd.log", sched: trio.sched.dir / "scheduler.log"}

    slow = {**start_slow_ones("helper", helper, []),
            **start_slow_ones("scheduler", sched, [login("slow")])}
    idle = Raw((trio.sched.address, suites.CONTROL_PORT))
    crowd = [Raw(helper) for _ in range(CROWD)]
    began = time.monotonic()
    compile_remotely(trio, where)
    for raw in crowd:
        raw.sock.close()
    expect(not all(raw.dropped(0.01) for raw in slow.values()), "silent peers hold everybody up")

    attack_at_once("helper", helper, logs[helper], [])
    attack_at_once("scheduler", sched, logs[sched], [login("bad")])
    compile_remotely(trio, where)
    drip(helper, 0.1)
    compile_remotely(trio, where)

    for name, raw in slow.items():
        expect(raw.dropped(max(1.0, began + SLOW_SECONDS - time.monotonic())),
               f"{name} is kept for ever")
    expect(idle.read_all().endswith(b"200 Good Bye!\n"), "an idle control session is not told to go")
    expect(trio.scheduler.running() and trio.helperd.running() and trio.submitter.running(),
           "a daemon is gone")
    compile_remotely(trio, where)
    net.expect_no_strangers("after the attacks")


cluster.run(main)
