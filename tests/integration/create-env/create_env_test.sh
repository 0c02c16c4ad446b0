#!/bin/bash
# The real compilers of this host: packed, tried, and used in an otherwise empty root.
#
# Usage: create_env_test.sh ICECC-CREATE-ENV ICECC-TEST-ENV COMPILER
# Exits 77, skipped, where the compiler is not installed.
set -euo pipefail
create_env=$1
test_env=$2
compiler=$3
command -v "$compiler" >/dev/null || exit 77

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
cd "$work"

fail() {
    echo "FAILED: $*" >&2
    exit 1
}

# in_root DIRECTORY COMMAND...: as root by chroot, else in a user namespace.
in_root() {
    if [ "$(id -u)" = 0 ]; then
        PATH=/usr/bin /usr/sbin/chroot "$@"
    else
        PATH=/usr/bin /usr/bin/unshare -Ur /usr/sbin/chroot "$@"
    fi
}

echo "-- packs, and the same bytes again"
mkdir one two
(cd one && "$create_env" "$compiler" >log)
(cd two && "$create_env" "$compiler" >log)
name=$(sed -n 's/^creating //p' one/log)
[ -n "$name" ] || fail "no line 'creating ...'"
grep -q '^adding file /usr/bin/as=' one/log || fail "no line 'adding file ...'"
cmp "one/$name" "two/$name"

echo "-- passes its own test, and says its own name"
"$test_env" "one/$name" >test.log
grep -q "^content name ${name%%.*}," test.log || fail "$name is not its content name"
if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
    mkdir -m 1777 tmp
    TMPDIR=$work/tmp setpriv --reuid=65534 --regid=65534 --clear-groups \
        "$test_env" --quiet "one/$name" || fail "an unprivileged user cannot test it"
fi

echo "-- compiles in an empty root to what it compiles here"
printf '#include <stdio.h>\nint main(void) { return puts("hello") < 0; }\n' >hello.c
(cd one && "$create_env" "$compiler" --compression none >/dev/null)
mkdir -p root/tmp
tar -xf "one/${name%%.*}.tar" -C root
case $compiler in
*clang*) inside=clang flags=(-O2) ;;
*) inside=gcc flags=(-O2 -fpreprocessed) ;;
esac
"$compiler" -E hello.c -o hello.i
"$compiler" "${flags[@]}" -x c -c - -o here.o <hello.i
in_root root "/usr/bin/$inside" "${flags[@]}" -x c -c - -o /tmp/there.o <hello.i
cmp here.o root/tmp/there.o

echo "-- tells its name on descriptor 5 with stdout closed, as the daemon runs it"
(cd two && "$create_env" "$compiler" 5>../name.txt >&-)
[ "$(cat name.txt)" = "$name" ] || fail "descriptor 5 got '$(cat name.txt)'"

echo "-- packs an added file, under another name too"
echo data >"data = file"
"$create_env" "$compiler" --compression none --addfile "data = file=/in/data" >/dev/null
tar -xOf ./*.tar in/data | cmp - "data = file"
rm ./*.tar

echo "-- fails, and leaves nothing, when an added file is missing"
if "$create_env" "$compiler" --addfile /no/such/file >/dev/null 2>missing.log; then
    fail "a missing file is no error"
fi
grep -q /no/such/file missing.log || fail "the message does not name the file"
[ -z "$(find . -maxdepth 1 -name '*.tar*')" ] || fail "an archive was left"

echo "-- leaves nothing when it is killed in the middle"
mkdir killed
(cd killed && exec "$create_env" "$compiler" --compression xz >/dev/null) &
victim=$!
until [ -n "$(find "/proc/$victim/fd" -lname "$work/killed/*" 2>/dev/null)" ]; do
    kill -0 $victim || fail "it ended before it could be killed"
done
kill -KILL $victim
wait $victim 2>/dev/null || true
[ -z "$(ls -A killed)" ] || fail "left: $(ls -A killed)"

echo "-- holds the links of the host's directories"
for link in lib lib64; do
    [ ! -L /$link ] || [ "$(readlink root/$link)" = "$(readlink /$link)" ] || fail "no link $link"
done

echo "-- refuses a damaged archive"
head -c 100000 "one/$name" >"damaged-$name"
rc=0
"$test_env" --quiet "damaged-$name" 2>/dev/null || rc=$?
[ "$rc" = 2 ] || fail "a damaged archive gives exit status $rc"

echo "-- refuses an archive without a compiler"
mkdir -p tools/usr/bin tools/bin
cp -L root/usr/bin/as tools/usr/bin/
cp -L root/bin/true tools/bin/
tar -C tools -cf tools.tar .
rc=0
"$test_env" tools.tar 2>tools.log || rc=$?
[ "$rc" = 2 ] || fail "an archive of tools alone gives exit status $rc"
grep -q "there is no compiler in it" tools.log || fail "another reason: $(cat tools.log)"

upstream=/usr/lib/icecc/icecc-create-env
if [ "$compiler" = gcc ] && [ -x "$upstream" ]; then
    echo "-- computes the names icecream's own script gives"
    mkdir upstream
    (cd upstream && "$upstream" "$compiler" --compression none >log 2>&1)
    theirs=$(sed -n 's/^creating //p' upstream/log)
    "$test_env" "upstream/$theirs" >upstream.log
    grep -q "^content name ${theirs%%.*}," upstream.log || fail "another name than $theirs"
fi
echo "-- done"
