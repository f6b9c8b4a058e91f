"""Libraries that a policy speaks of, before any of their code runs."""

import os

from .support import ProbeTestCase
from .test_policy import statement

MARK = "open(%r, 'a').close()\n"
MALICIOUS = statement("import", "module.import", "block", ("sentinel.distribution.name", "string", "in", "", "colourama", "py-evil"))


class PolicyImportsTest(ProbeTestCase):
    def setUp(self):
        super().setUp()
        self.site = os.path.join(self.folder, "lib", "site-packages")
        os.makedirs(self.site)
        self.mark = os.path.join(self.folder, "executed")

    def policy(self, *statements, mode="enforce"):
        lines = ["V\t1", "P\tp\t1\t" + mode] + [line for each in statements for line in each]
        with open(os.path.join(self.folder, "policy"), "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")

    def distribution(self, name, version, files, record=True):
        """Puts a distribution among the installed ones; `files`: path to source."""
        for path, source in files.items():
            full = os.path.join(self.site, path)
            os.makedirs(os.path.dirname(full), exist_ok=True)
            with open(full, "w", encoding="utf-8") as file:
                file.write(source)
        folder = os.path.join(self.site, "%s-%s.dist-info" % (name.replace("-", "_"), version))
        os.mkdir(folder)
        with open(os.path.join(folder, "METADATA"), "w", encoding="utf-8") as file:
            file.write("Metadata-Version: 2.1\nName: %s\nVersion: %s\n\nName: nonsense\n" % (name, version))
        if record:
            with open(os.path.join(folder, "RECORD"), "w", encoding="utf-8") as file:
                file.write("".join(["%s,sha256=x,1\n" % path for path in files]))
        else:
            with open(os.path.join(folder, "top_level.txt"), "w", encoding="utf-8") as file:
                file.write("\n".join(sorted({path.partition("/")[0].partition(".")[0] for path in files})) + "\n")

    def imports(self, text, **more):
        return self.observe(text, PYTHONPATH=self.environment()["PYTHONPATH"] + os.pathsep + self.site, **more)

    def test_no_code_of_a_refused_library_runs_by_any_route(self):
        self.policy(MALICIOUS)
        self.distribution("colourama", "0.4.9", {"colourama/__init__.py": MARK % self.mark, "colourama/ansi.py": MARK % self.mark})
        self.distribution("Py.Evil", "1.0", {"yaml_fast.py": MARK % self.mark}, record=False)
        self.distribution("wanted", "2.0", {"wanted/__init__.py": "import colourama\n"})
        run = self.imports(
            "import importlib, threading\n"
            "def attempt(code):\n"
            "    try: exec(code, {})\n"
            "    except ImportError as error: assert error.policy == 'p' and isinstance(error, RuntimeError) and 'Because of import.' in str(error), error\n"
            "    else: raise AssertionError(code)\n"
            "for again in range(2):\n"
            "    for code in ('import colourama', 'from colourama import x', 'import colourama.ansi', 'import importlib; importlib.import_module(\"colourama\")',\n"
            "                 '__import__(\"colourama\")', 'import yaml_fast', 'import wanted'): attempt(code)\n"
            "thread = threading.Thread(target=attempt, args=('import colourama',)); thread.start(); thread.join()\n"
            "try: import colourama\n"
            "except ImportError: colourama = None\n"
        )
        self.assertFalse(os.path.exists(self.mark))
        found = {
            record["sentinel.module.name"]: (record["sentinel.distribution.name"], record["sentinel.distribution.version"], record["sentinel.decision.disposition"], record.count)
            for record in run.of("module.import")
            if "sentinel.decision.effect" in record
        }
        self.assertEqual(found, {"colourama": ("colourama", "0.4.9", "blocked", 14), "yaml_fast": ("py-evil", "1.0", "blocked", 2)})
        self.assertIsNone(run.health)

    def test_a_library_below_a_namespace_is_told_from_its_neighbours(self):
        self.policy(MALICIOUS)
        self.distribution("py-evil", "1.0", {"shared/evil/__init__.py": MARK % self.mark})
        self.distribution("good", "1.0", {"shared/good/__init__.py": "here = 1\n"})
        run = self.imports("import shared.good\nassert shared.good.here\ntry: import shared.evil\nexcept RuntimeError: print('stopped')\n", check=False)
        self.assertEqual((run.done.stdout, run.done.stderr, os.path.exists(self.mark)), ("stopped\n", "", False))

    def test_a_finder_that_stands_before_ours_changes_nothing(self):
        self.policy(MALICIOUS)
        self.distribution("colourama", "0.4.9", {"colourama.py": MARK % self.mark})
        run = self.imports(
            "import sys\nfrom importlib.machinery import PathFinder\nasked = []\n"
            "class First:\n    @staticmethod\n    def find_spec(name, path=None, target=None):\n        asked.append(name); return PathFinder.find_spec(name, path, target)\n"
            "sys.meta_path.insert(0, First)\n"
            "try: import colourama\nexcept ImportError: print('stopped')\n",
            check=False,
        )
        self.assertEqual((run.done.stdout, run.done.stderr, os.path.exists(self.mark)), ("stopped\n", "", False))

    def test_what_no_statement_matches_is_imported_as_ever_and_finders_are_asked_once(self):
        self.policy(MALICIOUS, statement("look", "module.import", "warn", ("sentinel.module.name", "string", "in", "", "json")))
        self.distribution("good", "1.0", {"good/__init__.py": "from . import part\n", "good/part.py": ""})
        run = self.imports(
            "import sys\nasked = []\n"
            "class Last:\n    @staticmethod\n    def find_spec(name, path=None, target=None):\n        asked.append(name)\n"
            "sys.meta_path.append(Last)\n"
            "import good, json\nassert good.part and good.__spec__.name == 'good'\n"
            "try: import no_such_library\nexcept ModuleNotFoundError as error: assert type(error) is ModuleNotFoundError and error.name == 'no_such_library'\n"
            "print(sorted(set(asked)))\n",
            check=False,
        )
        self.assertEqual((run.done.stdout, run.done.stderr), ("['no_such_library']\n", "Sentinel: Because of look. (policy p/look)\n"))
        self.assertEqual(sorted(record["sentinel.module.name"] for record in run.of("module.import", kind="distribution")), ["good"])

    def test_monitor_mode_lets_the_import_happen_and_says_what_would_have_been(self):
        self.policy(MALICIOUS, mode="monitor")
        self.distribution("colourama", "0.4.9", {"colourama.py": MARK % self.mark})
        run = self.imports("import colourama\n")
        self.assertTrue(os.path.exists(self.mark))
        (record,) = run.of("module.import", name="colourama")
        self.assertEqual((record["sentinel.decision.disposition"], record["sentinel.distribution.version"], record.count), ("logged", "0.4.9", 1))
