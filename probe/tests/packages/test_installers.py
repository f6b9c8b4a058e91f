"""Installers that are not pip, and pip from a notebook, under a policy: real uv and a real kernel, a package index on loopback."""

import os
import subprocess
import sys
import unittest

from ..environments import environment
from ..support import ProbeTestCase
from ..test_policy_installs import STOPPED, Index, wheel

UV = "uv==0.13.8"
KERNEL = ("ipykernel==7.4.0", "ipython==9.18.1", "jupyter_client==8.10.0")
SCRIPT = """
import os, subprocess, sys
base = [UV, 'pip', 'install', '--no-cache', '--index-url', INDEX, '--target', TARGET]
def refused(start):
    try: start()
    except RuntimeError as error: assert 'Because of stop.' in str(error), error
    else: raise AssertionError(start)
refused(lambda: subprocess.run([*base, 'colourama==0.4.9']))
refused(lambda: subprocess.run([*base, 'good', 'Colourama == 0.4.9']))
refused(lambda: os.system(' '.join(base) + ' colourama==0.4.9'))
refused(lambda: subprocess.run(' '.join(base) + ' colourama==0.4.9', shell=True))
refused(lambda: os.posix_spawn(UV, [*base, 'colourama==0.4.9'], os.environ))
with open('wanted.txt', 'w') as file: file.write('# what we need\\ngood\\ncolourama==0.4.9  # pinned\\n')
refused(lambda: subprocess.run([*base, '-r', 'wanted.txt']))
with open('uv.lock', 'w') as file: file.write('version = 1\\n\\n[[package]]\\nname = "good"\\nversion = "1.0"\\n\\n[[package]]\\nname = "colourama"\\nversion = "0.4.9"\\n')
refused(lambda: subprocess.run([UV, 'sync']))
assert not os.path.exists(TARGET)
assert subprocess.run([*base, 'good', 'colourama==0.4.8'], stderr=subprocess.DEVNULL).returncode == 0
print(sorted(name for name in os.listdir(TARGET) if name.endswith('.dist-info')))
"""
#: Plays the server: starts a kernel under the probe and has it install from a cell.
NOTEBOOK = r"""
import os, sys
from jupyter_client.manager import start_new_kernel
manager, client = start_new_kernel(env=dict(os.environ, PYTHONPATH=sys.argv[1], SENTINEL_SPOOL=sys.argv[2]))
for cell in sys.argv[3:]:
    out = []
    client.execute_interactive(cell, output_hook=lambda message: out.append(message['content'].get('text', '')), timeout=120)
    print('Stopped by company policy p/stop' in ''.join(out))
client.shutdown(); manager.shutdown_kernel()
"""


@unittest.skipIf(sys.version_info < (3, 11), "the newest ipykernel needs a newer Python")
class InstallersTest(ProbeTestCase):
    def setUp(self):
        super().setUp()
        self.target = os.path.join(self.folder, "target")
        self.index = Index([wheel("colourama", "0.4.9"), wheel("colourama", "0.4.8"), wheel("good", "1.0")])
        self.addCleanup(self.index.close)
        with open(os.path.join(self.folder, "policy"), "w", encoding="utf-8") as file:
            file.write("\n".join(["V\t1", "P\tp\t1\tenforce", *STOPPED]) + "\n")

    def test_uv_is_not_even_started_when_it_is_asked_for_a_refused_release(self):
        python = environment(UV)
        constants = "UV, INDEX, TARGET = %r, %r, %r\n" % (os.path.join(os.path.dirname(python), "uv"), self.index.url, self.target)
        run = self.observe(constants + SCRIPT)
        self.assertIsNone(run.health)
        self.assertEqual(run.done.stdout, "['colourama-0.4.8.dist-info', 'good-1.0.dist-info']\n")
        found = {(each["sentinel.package.release"], each.get("sentinel.decision.disposition")) for each in run.of("package.install", installer="uv") if "sentinel.package.release" in each}
        self.assertEqual(found, {("colourama==0.4.9", "blocked"), ("colourama==0.4.8", None)})
        self.assertEqual({each["sentinel.distribution.name"] for each in run.of("package.install", source="request")}, {"colourama", "good"})
        self.assertEqual(sum(each.count for each in run.of("process.spawn")), 1)

    def test_pip_in_a_cell_of_a_notebook_is_stopped(self):
        python = environment(*KERNEL)
        command = "pip install --disable-pip-version-check --no-cache-dir --index-url %s --target %s %%s" % (self.index.url, self.target)
        cells = ["!" + sys.executable + " -m " + command % "colourama", "%" + command % "colourama", "%" + command % "good"]
        clean = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "SENTINEL_SPOOL")}
        done = subprocess.run(
            [python, self.script(NOTEBOOK, "server.py"), self.environment()["PYTHONPATH"], self.spool, *cells],
            cwd=self.folder, env=dict(clean, HOME=self.folder, IPYTHONDIR=self.folder), stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True, timeout=300,
        )  # fmt: skip
        self.assertEqual((done.returncode, done.stdout), (0, "True\nTrue\nFalse\n"), done.stderr)
        self.assertEqual([name for name in os.listdir(self.target) if name.endswith(".dist-info")], ["good-1.0.dist-info"])


if __name__ == "__main__":
    unittest.main()
