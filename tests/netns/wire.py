"""Speaks icecream's wire protocol just well enough to watch, imitate and annoy real programs.

Written from the protocol's description, not from our C++: when both agree, that says something.
Compressed chunks are made without a compressor: LZO and zstd both have a "stored" form.
"""

import socket
import struct
import threading

MAX_VERSION = 43
MAX_FRAME = 1 << 20

PING, END, GET_NATIVE_ENV, NATIVE_ENV, GET_CS, USE_CS, COMPILE_FILE, FILE_CHUNK = (
    66, 67, 69, 70, 71, 72, 73, 74)
COMPILE_RESULT, JOB_BEGIN, JOB_DONE, JOB_LOCAL_BEGIN, JOB_LOCAL_DONE, LOGIN, STATS = (
    75, 76, 77, 78, 79, 80, 81)
MON_LOGIN, MON_GET_CS, MON_JOB_BEGIN, MON_JOB_DONE, MON_LOCAL_JOB_BEGIN, MON_STATS = (
    82, 83, 84, 85, 86, 87)
TRANSFER_ENV, STATUS_TEXT, GET_INTERNALS, CS_CONF, VERIFY_ENV, VERIFY_ENV_RESULT = (
    88, 90, 91, 92, 93, 94)


def u32(number):
    return struct.pack(">I", number & 0xffffffff)


def text(value):
    raw = value.encode() if isinstance(value, str) else value
    return u32(len(raw) + 1) + raw + b"\0"


def texts(values):
    return u32(len(values)) + b"".join(text(value) for value in values)


def frame(kind, payload=b""):
    return u32(len(payload) + 4) + u32(kind) + payload


def lzo_stored(data):
    """An LZO1X stream that is one literal run."""
    if len(data) <= 238:
        head = bytes([len(data) + 17])
    else:
        zeros, rest = divmod(len(data) - 18 - 1, 255)
        head = b"\0" + b"\0" * zeros + bytes([rest + 1])
    return head + data + b"\x11\0\0"


def chunk(data, version=MAX_VERSION):
    packed = lzo_stored(data)
    codec = u32(0) if version >= 40 else b""
    return frame(FILE_CHUNK, u32(len(data)) + u32(len(packed)) + codec + packed)


class Fields:
    """Takes the fields of a payload one after the other."""

    def __init__(self, payload):
        self.left = payload

    def u32(self):
        value, self.left = struct.unpack(">I", self.left[:4])[0], self.left[4:]
        return value

    def text(self):
        length = self.u32()
        raw, self.left = self.left[:length], self.left[length:]
        return raw[:-1].decode(errors="replace")


class Channel:
    """One connection: handshake on construction, then frames."""

    def __init__(self, address, version=MAX_VERSION, timeout=60.0):
        if isinstance(address, str):
            self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            self.sock.settimeout(timeout)
            self.sock.connect(address)
        else:
            self.sock = socket.create_connection(address, timeout)
        self.buffer = b""
        self.sock.sendall(struct.pack("<I", version))
        self.peer_version = struct.unpack("<I", self.take(4))[0]
        self.version = min(version, self.peer_version)
        self.sock.sendall(struct.pack("<I", self.version))
        agreed = struct.unpack("<I", self.take(4))[0]
        if agreed != self.version:
            raise ConnectionError(f"{agreed} agreed on, {self.version} expected")

    def take(self, size):
        while len(self.buffer) < size:
            got = self.sock.recv(65536)
            if not got:
                raise EOFError("the peer closed the connection")
            self.buffer += got
        taken, self.buffer = self.buffer[:size], self.buffer[size:]
        return taken

    def send(self, kind, payload=b""):
        self.sock.sendall(frame(kind, payload))

    def receive(self):
        length, kind = struct.unpack(">II", self.take(8))
        return kind, Fields(self.take(length - 4))

    def closed_by_peer(self, seconds):
        """Whether the peer ends this connection within so many seconds, whatever it says first."""
        self.sock.settimeout(seconds)
        try:
            while self.sock.recv(65536):
                pass
        except (socket.timeout, TimeoutError):
            return False
        except ConnectionError:
            pass
        return True

    def close(self):
        self.sock.close()


class Monitor:
    """What the scheduler says about hosts and jobs, collected by a thread.

    hosts: host id -> the keys of its last statistics; jobs: job id -> dict with file, client,
    server (host ids) and what JOB_DONE tells, as far as known. Host ids are given anew at every login.
    """

    def __init__(self, address):
        self.channel = Channel(address)
        self.channel.sock.settimeout(None)
        self.channel.send(MON_LOGIN)
        self.hosts, self.jobs, self.local = {}, {}, {}
        self.handlers = {MON_STATS: self._stats, MON_GET_CS: self._get_cs,
                         MON_JOB_BEGIN: self._begin, MON_JOB_DONE: self._done,
                         MON_LOCAL_JOB_BEGIN: self._local}
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        try:
            while True:
                kind, fields = self.channel.receive()
                self.handlers.get(kind, lambda _: None)(fields)
        except (EOFError, OSError):
            self.channel.close()

    def _stats(self, fields):
        host = fields.u32()
        lines = dict(line.split(":", 1) for line in fields.text().splitlines() if ":" in line)
        self.hosts.setdefault(host, {}).update(lines)

    def _get_cs(self, fields):
        name, _, job = fields.text(), fields.u32(), fields.u32()
        self.jobs.setdefault(job, {}).update(file=name, client=fields.u32())

    def _begin(self, fields):
        job, _ = fields.u32(), fields.u32()
        self.jobs.setdefault(job, {})["server"] = fields.u32()

    def _done(self, fields):
        job = self.jobs.setdefault(fields.u32(), {})
        names = ("exit", "real_msec", "user_msec", "sys_msec", "pfaults", "in_compressed",
                 "in_uncompressed", "out_compressed", "out_uncompressed")
        job.update({name: fields.u32() for name in names})

    def _local(self, fields):
        host, job, _ = fields.u32(), fields.u32(), fields.u32()
        self.local[job] = {"host": host, "file": fields.text()}

    def name(self, host):
        return self.hosts.get(host, {}).get("Name", "?")

    def ready(self, names):
        """Whether all these nodes are logged in and accept work; 1000 stands for no load known."""
        online = {h["Name"] for h in list(self.hosts.values())
                  if "Name" in h and h.get("State") != "Offline" and int(h["Load"]) < 1000}
        return set(names) <= online

    def servers_of(self, file_end):
        """The names of the hosts that compiled files whose name ends so, in order."""
        return [self.name(job["server"]) for _, job in sorted(self.jobs.items())
                if "server" in job and job.get("file", "").endswith(file_end)]
