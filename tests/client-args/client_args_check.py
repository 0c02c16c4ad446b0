#!/usr/bin/env python3
"""Run a client binary over an argument corpus and compare its local/remote decision.

usage: client-args-check.py CLIENT TSV [--fixtures SH] [--prefix 'cmd ...'] [--verbose] [id ...]

The caller provides the network: a daemon the client can reach (for instance through
ICECC_TEST_SOCKET) and whatever else is in the environment (ICECC_TEST_REMOTEBUILD,
ICECC_PREFERRED_HOST ...); --prefix is put before every command (for instance "nsenter ...").
The decision is read from the client's debug log, by the phrases that upstream's clients use:
  remote: "asking for native environment" or "Have to use host" or "building myself"
  local:  "<building_local>" without any of those
Written for this project; it contains nothing of any other program.
"""
import argparse, os, shlex, shutil, subprocess, sys, tempfile

ap = argparse.ArgumentParser()
ap.add_argument('client'); ap.add_argument('tsv'); ap.add_argument('ids', nargs='*')
ap.add_argument('--fixtures', default=os.path.join(os.path.dirname(os.path.abspath(__file__)), 'client-args-fixtures.sh'))
ap.add_argument('--prefix', default='')
ap.add_argument('--timeout', type=int, default=120)
ap.add_argument('--verbose', action='store_true')
o = ap.parse_intermixed_args()

top = tempfile.mkdtemp(prefix='client-args-')
os.chmod(top, 0o755)
fx = os.path.join(top, 't')            # some cases spell the directory's own name: it must be "t"
pristine = os.path.join(top, 'pristine')
subprocess.run(['sh', o.fixtures, pristine], check=True)
log = os.path.join(top, 'log')
REMOTE = ('asking for native environment', 'Have to use host', 'building myself')
n = bad = better = 0
for line in open(o.tsv):
    if line.startswith('#') or not line.strip():
        continue
    cid, argv, verdict, lang, reason, verified = line.rstrip('\n').split('\t')
    if o.ids and cid not in o.ids:
        continue
    shutil.rmtree(fx, ignore_errors=True)
    shutil.copytree(pristine, fx, symlinks=True)
    if os.path.exists(log):
        os.unlink(log)
    env = dict(os.environ, ICECC_DEBUG='debug', ICECC_LOGFILE=log, LC_ALL='C', TERM='dumb',
               PATH=fx + '/bin:' + os.environ.get('PATH', '/usr/bin:/bin'))
    try:
        p = subprocess.run(shlex.split(o.prefix) + [o.client] + shlex.split(argv), cwd=fx, env=env,
                           stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                           timeout=o.timeout)
        rc = p.returncode
    except subprocess.TimeoutExpired:
        rc = 'timeout'
    text = open(log, errors='replace').read() if os.path.exists(log) else ''
    got = 'remote' if any(s in text for s in REMOTE) else 'local' if '<building_local>' in text else 'none'
    n += 1
    want = {verdict}
    quirk = reason.startswith('QUIRK')
    if 'better=' in reason:
        alt = reason.split('better=')[1].split(':')[0]
        want |= {w for w in ('local', 'remote') if w in alt}
    if got not in want:
        bad += 1
        print('MISMATCH %s want %s got %s (exit %s): %s' % (cid, verdict, got, rc, argv))
    elif got != verdict:
        better += 1
        print('BETTER   %s upstream %s, here %s: %s' % (cid, verdict, got, argv))
    elif o.verbose:
        print('ok       %s %s%s: %s' % (cid, got, ' (quirk kept)' if quirk else '', argv))
shutil.rmtree(top, ignore_errors=True)
print('%d cases, %d mismatches, %d better than upstream' % (n, bad, better))
sys.exit(1 if bad else 0)
