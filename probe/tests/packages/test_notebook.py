"""A notebook's kernel is one run, its cells are steps of it; real kernels, started as Jupyter starts them."""

import os
import re
import subprocess
import sys
import unittest

from ..environments import environment
from ..support import ProbeTestCase

NEWEST = ("ipykernel==7.4.0", "ipython==9.18.1", "jupyter_client==8.10.0")
OLDEST = ("ipykernel==6.29.5", "ipython==7.34.0", "jupyter_client==7.4.9")

#: Plays the server: starts a kernel under the probe and sends it cells.
SERVER = r"""
import os, sys
from jupyter_client.manager import start_new_kernel
environment = dict(os.environ, PYTHONPATH=sys.argv[1], SENTINEL_SPOOL=sys.argv[2], JPY_SESSION_NAME='/home/ana/sales.ipynb')
manager, client = start_new_kernel(env=environment)
shown = []
def run(text, **more):
    out = []
    def hook(message):
        content = message['content']
        if message['msg_type'] == 'stream': out.append(content['text'])
        elif message['msg_type'] == 'execute_result': out.append(content['data']['text/plain'])
        elif message['msg_type'] == 'error': out.append(content['ename'] + ''.join(content['traceback']))
    client.execute_interactive(text, output_hook=hook, timeout=60, **more)
    shown.append(''.join(out))
run("a = 1\nopen('seen', 'w').close()\na")
run("1/0")
run("print('x')")
run("1/0")
run("import sqlite3; sqlite3.connect(':memory:').execute('select 41').fetchall()")
run("silently = 1", silent=True)
client.shutdown(); manager.shutdown_kernel()
print(shown)
"""


@unittest.skipIf(sys.version_info < (3, 11), "the newest ipykernel needs a newer Python")
class NotebookTest(ProbeTestCase):
    packages = NEWEST

    def play(self, python, inject, spool):
        path = self.script(SERVER, "server.py")
        clean = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "SENTINEL_SPOOL")}
        clean.update(HOME=self.folder, IPYTHONDIR=self.folder + "/ipython")
        done = subprocess.run([python, path, inject, spool], cwd=self.folder, env=clean, stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True, timeout=120)
        self.assertEqual(done.returncode, 0, done.stderr)
        return re.sub(r"ipykernel_\d+", "ipykernel", done.stdout)

    def test_a_kernel_is_one_run_and_its_cells_are_steps(self):
        python = environment(*self.packages)
        seen = self.play(python, self.environment()["PYTHONPATH"], self.spool)
        runs = [run for run in self.runs() if run.of("notebook.cell")]
        self.assertEqual(len(runs), 1)
        (run,) = runs
        cells = run.of("notebook.cell")
        self.assertEqual([(cell.count, cell.errors, cell["sentinel.notebook.cell_lines"]) for cell in cells], [(1, 0, "3"), (2, 2, "1"), (1, 0, "1"), (1, 0, "1")])
        self.assertEqual([cell["sentinel.notebook.execution_count"] for cell in cells], ["1", "4", "3", "5"])
        self.assertEqual((run.hello["sentinel.script.kind"], run.of("probe.error")), ("notebook", []))
        self.assertEqual([record["db.query.summary"] for record in run.of("db.query", namespace=":memory:")], ["select ?"])
        self.assertTrue(run.of("file.open", path=os.path.join(self.folder, "seen")))
        os.remove(os.path.join(self.folder, "seen"))
        self.assertEqual(self.play(python, "", self.folder), seen)


@unittest.skipUnless(os.environ.get("SENTINEL_TEST_LONG"), "long")
class OldestNotebookTest(NotebookTest):
    packages = OLDEST
