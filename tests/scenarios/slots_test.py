#!/usr/bin/env python3
"""What runs at home at the same time: as many commands as there are slots, one link that uses them all.

Once with a scheduler, once without any; and icecc within icecc.
"""

import subprocess

import cluster
import sources
import suites
from cluster import expect

SLOTS = 2
COMMANDS = 10
# Tells the file "$1" when it begins and when it ends.
SPAN = """#!/bin/sh
file=$1
shift
echo + >>"$file"
sleep 0.2
"$@"
status=$?
echo - >>"$file"
exit $status
"""


def script(path, text):
    path.write_text(text)
    path.chmod(0o755)
    return path


def most_at_once(file):
    now = most = 0
    for line in file.read_text().splitlines():
        now += 1 if line == "+" else -1
        most = max(most, now)
    expect(now == 0, f"{file}: something did not end")
    return most


def all_at_once(client, where, commands):
    """Starts all commands together; all must succeed."""
    host = client.host
    inside = [*host.enter()[:-1], f"--wd={where}"]
    running = [subprocess.Popen([*inside, *map(str, words)], env=host.env({**client.env, **env}),
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT, text=True) for words, env in commands]
    host.cluster.helpers_of_test += running
    for process in running:
        said, _ = process.communicate(timeout=120)
        expect(process.returncode == 0, f"{process.args}: {said}")


def commands_in_turn(client, where, icerun, label):
    spans = where / "spans"
    spans.write_text("")
    span = script(where / "span", SPAN)
    all_at_once(client, where, [([icerun, span, spans, "true"], {})] * COMMANDS)
    most = most_at_once(spans)
    expect(most == SLOTS, f"{label}: {most} commands of icerun at once, with {SLOTS} slots")
    expect(spans.read_text().count("+") == COMMANDS, f"{label}: not every command ran once")


def links_one_by_one(client, where, label):
    """Links with -flto=auto use all slots; the compiler is wrapped to see when it runs."""
    (where / "main.c").write_text("int main(void) { return 0; }\n")
    client.host.run(["gcc", "-flto", "-c", "main.c"], cwd=where, check=True)
    spans = where / "link-spans"
    spans.write_text("")
    script(where / "span", SPAN)
    wrapped = script(where / "wrapped-gcc", f'#!/bin/sh\nexec {where}/span {spans} /usr/bin/gcc "$@"\n')
    command = [client.programs.client, "gcc", "-flto=auto", "main.o", "-o"]
    links = [([*command, name], {"ICECC_CC": str(wrapped)}) for name in ("first", "second")]
    all_at_once(client, where, links)
    expect(most_at_once(spans) == 1, f"{label}: two parallel links ran at the same time")
    for name in ("first", "second"):
        expect(client.host.run([where / name]).returncode == 0, f"{label}: {name} is wrong")


def commands_of_icerun(client, where, icerun):
    done = client.host.run([icerun, "no-such-command"], cwd=where, env=client.env)
    expect(done.returncode == 115, f"icerun of an unknown command ends with {done.returncode}")
    client.log.write_text("")
    (where / "unit.c").write_text(sources.C_UNIT)
    for compiler in ("gcc", "clang"):
        done = client.host.run([icerun, compiler, "-c", "unit.c", "-o", f"{compiler}.o"], cwd=where,
                               env=client.env)
        expect(done.returncode == 0, f"icerun {compiler}: {done.stderr}")
        suites.expect_same(where / f"{compiler}.o", sources.compile_locally(
            client.host, [compiler, "-c", "unit.c"], where, "local.o"))
    expect("Have to use host" not in client.log.read_text(), "icerun distributes")


def within_one_another(client, where, icerun, remote):
    """icerun may start what starts icecc; icecc may not."""
    again = script(where / "again-gcc", f'#!/bin/sh\nexec {client.programs.client} gcc "$@"\n')
    client.log.write_text("")
    done = client.host.run([icerun, again, "-c", "unit.c", "-o", "inner.o"], cwd=where, env=client.env)
    expect(done.returncode == 0, f"icecc within icerun: {done.stderr}")
    log = client.log.read_text()
    expect(log.count("recursive invocation from icerun") == 1, "icecc does not see icerun")
    expect(("Have to use host" in log) == remote, "icecc within icerun compiled elsewhere than it should")
    done = client.host.run([client.programs.client, "gcc", "-c", "unit.c"], cwd=where,
                           env={**client.env, "ICECC": "no", "ICECC_CC": str(again)})
    expect(done.returncode == 111, f"icecc within icecc ends with {done.returncode}")
    said = client.log.read_text()
    expect("icecream seems to have invoked itself recursively!" in said, "and does not say why")


def play(client, where, label, remote):
    icerun = client.programs.prefix / "bin/icerun"
    commands_in_turn(client, where, icerun, label)
    links_one_by_one(client, where, label)
    commands_of_icerun(client, where, icerun)
    within_one_another(client, where, icerun, remote)
    print(f"passed: {label}", flush=True)


def main(net):
    trio = suites.Trio(net, suites.chosen())
    play(trio.client, sources.folder("with"), "with a scheduler", remote=True)
    alone = net.host("alone")
    suites.start_daemon(alone, trio.programs, scheduler=alone, slots=SLOTS)
    suites.wait_socket(alone)
    client = suites.Client(alone, trio.programs)
    play(client, sources.folder("without"), "without a scheduler", remote=False)
    trio.wait_idle()
    net.expect_no_strangers("after all commands")


cluster.run(main)
