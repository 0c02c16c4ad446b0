# shellcheck shell=sh
# What the script tests share: a folder of their own, checks, and shells to run scripts with.

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

fail() {
    echo "FAILED: $*"
    if [ -f "$work/output" ]; then
        sed 's/^/  /' "$work/output"
    fi
    exit 1
}
step() { echo "== $*"; }

# expect STATUS COMMAND...: its output is in $work/output.
expect() {
    wanted="$1"
    shift
    got=0
    "$@" >"$work/output" 2>&1 || got=$?
    [ "$got" = "$wanted" ] || fail "$* exited with $got, not $wanted"
}
output_has() { grep -q -- "$1" "$work/output" || fail "the output lacks: $1"; }
output_lacks() { ! grep -q -- "$1" "$work/output" || fail "the output has: $1"; }
# output_is TEXT
output_is() { [ "$(cat "$work/output")" = "$1" ] || fail "the output is not: $1"; }

# program PATH: a program that does nothing.
program() {
    mkdir -p "${1%/*}"
    printf '#!/bin/sh\n' >"$1"
    chmod +x "$1"
}

# use_shell NAME...: the shell to run scripts with (I04); with busybox, its utilities too, but not its tar,
# which does not know zstd.
use_shell() {
    # shellcheck disable=SC2034 # for the tests
    shell="$(command -v "$1")${2:+ $2}"
    if [ "$1" = busybox ]; then
        mkdir "$work/applets"
        busybox --install -s "$work/applets"
        rm -f "$work/applets/tar" "$work/applets/busybox"
        PATH="$work/applets:$PATH"
    fi
}
