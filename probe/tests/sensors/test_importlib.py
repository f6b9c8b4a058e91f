"""Modules imported."""

import os

from ..support import ProbeTestCase


class ImportTest(ProbeTestCase):
    def names(self, run):
        return {record["sentinel.module.name"]: record["sentinel.module.kind"] for record in run.of("module.import")}

    def test_statement_and_import_module_with_kind_by_place(self):
        packages = os.path.join(self.folder, "lib", "site-packages")
        os.makedirs(packages)
        self.script("import local_b", "local_a.py")
        self.script("", "local_b.py")
        self.script("", os.path.join(packages, "fancy.py"))
        self.script("import json", os.path.join(packages, "other.py"))
        run = self.observe(
            "import sys; sys.path.append(%r)\nimport local_a, wave\nimport importlib\nimportlib.import_module('fancy'); import other, errno\n" % packages
        )
        names = self.names(run)
        self.assertEqual(
            {name: names.get(name) for name in ("local_a", "local_b", "fancy", "other", "json", "wave")},
            {"local_a": "local", "local_b": "local", "fancy": "distribution", "other": "distribution", "json": "stdlib", "wave": "stdlib"},
        )
        self.assertEqual(run.of("module.import", name="fancy")[0]["sentinel.module.path"], os.path.join(packages, "fancy.py"))
        self.assertNotIn("struct", names)

    def test_what_is_not_there_or_only_looked_for_is_not_reported(self):
        self.script("raise RuntimeError", "broken.py")
        self.script("", "sought.py")
        run = self.observe(
            "try: import nothing_here\nexcept ImportError: pass\ntry: import broken\nexcept RuntimeError: pass\n"
            "import importlib.util; assert importlib.util.find_spec('sought')\n"
        )
        self.assertFalse({"nothing_here", "broken", "sought"} & set(self.names(run)))

    def test_nothing_of_ours_stays_in_the_import_system(self):
        self.python(
            "-c",
            "import os, sys\n"
            "its_own = os.path.exists(os.path.join(os.path.dirname(os.__file__), 'sitecustomize.py'))  # Debian's\n"
            "assert not [n for n in sys.modules if 'sentinel' in n or n == 'sitecustomize' and not its_own], sys.modules\n"
            "assert not [p for p in sys.path if 'sentinel' in p or '_inject' in p], sys.path\n"
            "assert len([f for f in sys.meta_path if 'sentinel' in repr(f)]) == 2\n"
            "import importlib, importlib.util; importlib.invalidate_caches(); assert importlib.util.find_spec('json').loader\n"
            "import json; importlib.reload(json)\n"
            "try: its_own or __import__('sitecustomize')\nexcept ImportError as e: assert e.name == 'sitecustomize'\nelse: assert its_own\n",
        )
