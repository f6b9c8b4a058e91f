"""A run that calls `id()` all the time says so; in guard mode doors the same is seen without an audit hook."""

import os
import unittest

from .support import ProbeTestCase

from sentinel_probe import doors

SCRIPT = """
import copy, os, subprocess, socket, sqlite3, importlib, tempfile, pathlib, shutil, sys
here = sys.argv[1]
d = {i: [i, (i, str(i))] for i in range(3000)}
for i in range(4): copy.deepcopy(d)
open(here + '/a', 'w').close()
pathlib.Path(here, 'b').write_text('x'); pathlib.Path(here, 'b').read_text()
os.close(os.open(here + '/c', os.O_CREAT | os.O_WRONLY))
os.rename(here + '/c', here + '/d'); os.remove(here + '/d')
os.mkdir(here + '/sub'); open(here + '/sub/e', 'w').close(); shutil.rmtree(here + '/sub')
subprocess.run(['true']); os.system('true')
s = socket.socket(); s.bind(('127.0.0.1', 0)); s.listen(1)
c = socket.create_connection(s.getsockname()); c.sendall(b'GET /x HTTP/1.1\\r\\nHost: h\\r\\n\\r\\n'); s.accept()[0].close(); c.close(); s.close()
sqlite3.connect(':memory:').execute('select 1').fetchall()
for call in (lambda: open(here + '/none/x'), lambda: open(), lambda: os.remove(here + '/none'), lambda: os.remove(), lambda: os.open(here, flags=0, bad=1)):
    try: call()
    except Exception as error: print(type(error).__name__, error)
class Holder: opens, removes = open, os.remove
Holder().opens(here + '/f', 'w').close(); Holder().removes(here + '/f')
print({os.open, os.unlink, os.rmdir, os.stat} <= os.supports_dir_fd, open.__name__, open.__module__, os.remove.__name__)
"""


class DoorsTest(ProbeTestCase):
    def seen(self, run):
        found = set()
        for record in run.activities.values():
            if record.type in ("file.open", "file.change", "process.spawn", "net.connect", "net.listen", "http.request", "db.query", "db.connect"):
                key = {k: v for k, v in record.items() if not k.endswith("port") and not k.startswith(("code.", "sentinel.source"))}
                found.add((record.type, record.count, *sorted(key.items())))
        return found

    def test_a_run_bound_by_id_says_so(self):
        run = self.observe("import copy\nd = {i: [i, (i, str(i))] for i in range(6000)}\nfor i in range(3): copy.deepcopy(d)\n")
        self.assertEqual((run.health or {}).get("sentinel.probe.id_bound"), "true")
        run = self.observe_again("import copy\nfor i in range(100): copy.deepcopy([1, [2]])\n")
        self.assertIsNone(run.health)

    def observe_again(self, text):
        before = len(self.runs())
        self.python(self.script(text, "again.py"))
        return self.runs()[before]

    def test_the_same_is_seen_through_the_doors(self):
        path = self.script(SCRIPT)
        outputs, seen, modes = [], [], []
        for is_open in (False, True):
            if is_open:
                place = doors.doors_file(self.spool, path)
                os.makedirs(os.path.dirname(place))
                open(place, "w").close()
            work = os.path.join(self.folder, "work")
            os.makedirs(work)
            before = set(os.listdir(self.spool))
            done = self.python(path, work, check=False)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            os.rename(work, os.path.join(self.folder, "work-%s" % is_open))
            outputs.append(done.stdout)
            (run,) = [run for run in self.runs() if os.path.basename(run.path) not in before]
            self.assertEqual(run.of("probe.error"), [])
            seen.append(self.seen(run))
            modes.append(run.hello["sentinel.probe.guard_mode"])
        self.assertEqual(modes, ["audit", "doors"])
        self.assertEqual(outputs[1], outputs[0])
        self.assertEqual(seen[1], seen[0])
        bare = self.python(path, self.work_again(), SENTINEL_SPOOL=None, PYTHONPATH=None)
        self.assertEqual(bare.stdout, outputs[0])

    def work_again(self):
        work = os.path.join(self.folder, "work")
        os.makedirs(work)
        return work

    def test_no_hook_is_there(self):
        path = self.script("import sys, time, copy\nd = {i: [i] for i in range(2000)}\nfor i in range(30): copy.deepcopy(d)\n")
        place = doors.doors_file(self.spool, path)
        os.makedirs(os.path.dirname(place))
        open(place, "w").close()
        self.python(path)
        self.assertIsNone(self.runs()[-1].health)


if __name__ == "__main__":
    unittest.main()
