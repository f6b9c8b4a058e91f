"""Libraries are patched at the end of their import, unseen."""

from .support import ProbeTestCase

USE = "sqlite3.connect(':memory:').execute('select 1').fetchall()\n"


class PatchingTest(ProbeTestCase):
    def test_every_route_of_import_is_patched_before_the_importer_goes_on(self):
        routes = (
            "import sqlite3\n",
            "import importlib; sqlite3 = importlib.import_module('sqlite3')\n",
            "from sqlite3 import dbapi2 as sqlite3\n",
            "import sqlite3.dbapi2\n",
            "sqlite3 = __import__('sqlite3')\n",
            "import importlib.util; assert importlib.util.find_spec('sqlite3'); import sqlite3\n",
            "import threading; t = [threading.Thread(target=__import__, args=(n,)) for n in ('sqlite3', 'decimal', 'csv', 'sqlite3')]\n"
            "[x.start() for x in t]; [x.join() for x in t]; import sqlite3, decimal, csv\n",
            "import sys\n"
            "class F:\n"
            "    def find_spec(self, name, path=None, target=None): return None\n"
            "sys.meta_path.insert(0, F()); sys.meta_path.append(F())\n"
            "import sqlite3\n",
        )
        for route in routes:
            with self.subTest(route):
                before = len(self.runs())
                self.python(self.script(route + USE))
                self.assertEqual([r["db.query.summary"] for r in self.runs()[before].of("db.query")], ["select ?"])

    def test_the_body_runs_once_and_its_spec_is_as_without_the_probe(self):
        self.script("import sys; print('body', type(sys.modules['sqlite3'].__spec__).__name__)\nconnect = Connection = Cursor = None\n", "sqlite3.py")
        for text in ("import sqlite3\n", "import importlib; sqlite3 = importlib.import_module('sqlite3')\n"):
            text += "import importlib.machinery as m\nassert type(sqlite3.__spec__) is m.ModuleSpec\nassert type(sqlite3.__loader__) is m.SourceFileLoader\n"
            done = self.python(self.script(text), check=False)
            self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "body ModuleSpec\n", ""))

    def test_a_body_that_fails_fails_once_with_its_own_traceback(self):
        self.script("print('body')\nraise RuntimeError('mine')\n", "sqlite3.py")
        for text in ("import sqlite3\n", "import importlib; importlib.import_module('sqlite3')\n"):
            with self.subTest(text):
                seen = self.python(self.script(text), check=False)
                plain = self.python(self.script(text), check=False, PYTHONPATH=None)
                self.assertEqual((seen.returncode, seen.stdout, seen.stderr), (plain.returncode, plain.stdout, plain.stderr))
