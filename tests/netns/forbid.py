#!/usr/bin/env python3
"""Runs a program on a host that forbids something: forbid.py user-namespaces|namespaces PROGRAM...

By a system call filter, which the program and all it starts inherit. Exit status 77 where the
numbers of the system calls are not known.
"""

import ctypes
import os
import platform
import struct
import sys

# CLONE_NEW...: of users alone, or of any kind
FORBIDDEN = {"user-namespaces": 0x10000000, "namespaces": 0x7e020000}
# unshare, clone, clone3
CALLS = {"x86_64": (272, 56, 435), "aarch64": (97, 220, 435)}

LOAD, EQUAL, ANY_BIT, RETURN = 0x20, 0x15, 0x45, 0x06  # of linux/bpf_common.h
ALLOW, REFUSE = 0x7fff0000, 0x00050000  # of linux/seccomp.h; errno in the low bits
EPERM, ENOSYS = 1, 38
NUMBER, FIRST_ARGUMENT = 0, 16  # offsets in struct seccomp_data
PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS, FILTER = 22, 38, 2


def instruction(code, value, if_true=0, if_false=0):
    return struct.pack("HBBI", code, if_true, if_false, value)


def program(what):
    unshare, clone, clone3 = CALLS[platform.machine()]
    return [
        instruction(LOAD, NUMBER),
        instruction(EQUAL, clone3, 5, 0),  # its flags cannot be looked at; libcs then use clone
        instruction(EQUAL, unshare, 1, 0),
        instruction(EQUAL, clone, 0, 4),
        instruction(LOAD, FIRST_ARGUMENT),
        instruction(ANY_BIT, FORBIDDEN[what], 0, 2),
        instruction(RETURN, REFUSE | EPERM),
        instruction(RETURN, REFUSE | ENOSYS),
        instruction(RETURN, ALLOW),
    ]


def install(instructions):
    code = ctypes.create_string_buffer(b"".join(instructions))
    fprog = struct.pack("HxxxxxxQ", len(instructions), ctypes.addressof(code))
    libc = ctypes.CDLL(None, use_errno=True)
    if os.geteuid() != 0:
        libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if libc.prctl(PR_SET_SECCOMP, FILTER, ctypes.create_string_buffer(fprog), 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_SECCOMP)")


def main():
    what, *argv = sys.argv[1:]
    if platform.machine() not in CALLS:
        print("skipped: unknown system call numbers")
        sys.exit(77)
    install(program(what))
    os.execvp(argv[0], argv)


main()
