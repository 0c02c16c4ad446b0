"""What fault tests ask again and again of one compile."""

import os
import signal

import sources
import suites
from cluster import expect, wait_for


def compile_right(client, where, argv=("gcc", "-O2", "-c", "unit.c"), env=None, **options):
    """Compiles; whatever happened on the way, the object must be the local compiler's."""
    output = where / "unit.o"
    output.unlink(missing_ok=True)
    done = client.run([*argv, "-o", "unit.o"], cwd=where, env=env, **options)
    expect(done.returncode == 0, f"status {done.returncode}: {done.stderr}")
    local = sources.compile_locally(client.host, list(argv), where, "unit.local.o")
    suites.expect_same(output, local)
    return done


def compile_remotely(trio, where, **options):
    """The same, and the helper must have done it."""
    before = trio.remote_jobs()
    done = compile_right(trio.client, where, **options)
    wait_for(lambda: trio.remote_jobs() > before, "the helper to have compiled it")
    return done


def compile_remotely_soon(trio, where, seconds=90, **options):
    """The same, but the cluster may need some tries to be whole again; each is right anyway."""
    before = trio.remote_jobs()

    def attempt():
        compile_right(trio.client, where, **options)
        return trio.remote_jobs() > before
    wait_for(attempt, "the helper to compile again", seconds, every=1.0)


def slow_compilers(trio):
    """Those of start_half() on the helper."""
    return [pid for pid, words in trio.compilers_at_work().items() if "slow" in words]


def has_sent(client, process):
    """Whether a client, by its log, has sent its source to a helper that has the environment."""
    return any(f"ICECC[{process.pid}]" in line and " sent " in line
               for line in client.log.read_text(errors="replace").splitlines())


def start_half(trio, where, env=None):
    """A compile that stands still half-way on the helper when this returns: all is sent, and until
    go_on() the compiler neither ends, on however fast a machine, nor takes processor time."""
    (where / "slow.c").write_text(sources.slow_unit())
    process = trio.client.start(["gcc", "-O3", "-c", "slow.c", "-o", "slow.o"], where, env)
    compilers = wait_for(lambda: slow_compilers(trio) or not process.running(),
                         "the compiler to run on the helper")
    expect(process.running(), f"the client ended: {process.err.read_text()}")
    for pid in compilers:
        os.kill(pid, signal.SIGSTOP)
    wait_for(lambda: has_sent(trio.client, process), "the client to have sent its source")
    return process


def go_on(trio):
    """What start_half() stopped compiles to its end."""
    for pid in slow_compilers(trio):
        os.kill(pid, signal.SIGCONT)
