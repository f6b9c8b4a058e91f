"""Code loaded while running, and reaching for the probe."""

import sys
import unittest

from ..support import ProbeTestCase


class CodeTest(ProbeTestCase):
    def loads(self, run):
        return [(r["sentinel.code.kind"], r.get("sentinel.code.name") or r.get("file.path", "").rpartition("/")[2], r.count, r.get("code.line.number")) for r in run.of("code.load")]

    def test_text_and_code_objects_that_the_script_runs(self):
        run = self.observe(
            "import collections, dataclasses, json\n"
            "P = collections.namedtuple('P', 'x y')\n"
            "@dataclasses.dataclass\nclass D:\n    x: int\n"
            "for i in range(100): exec('hunter2 = 1')\n"
            "eval('1 + 1')\n"
            "exec(compile('x = 1', 'plugin.py', 'exec'))\n"
        )
        self.assertEqual(self.loads(run), [("text", "<string>", 101, "6"), ("code_object", "plugin.py", 1, "8")])
        self.assertNotIn(b"hunter2", run.data)

    def test_a_file_that_was_fetched_and_then_run_can_be_told(self):
        self.script("import subprocess\n", "given.py")
        run = self.observe(
            "import importlib.util, os, shutil, subprocess, sys\n"
            "shutil.copyfile('given.py', 'plugin.py')\n"
            "spec = importlib.util.spec_from_file_location('plugin', os.path.abspath('plugin.py'))\n"
            "spec.loader.exec_module(importlib.util.module_from_spec(spec))\n"
            "open('tool.sh', 'w').write('#!/bin/sh\\ntrue\\n'); os.chmod('tool.sh', 0o755); subprocess.run(['./tool.sh'])\n"
        )
        written = {record["file.path"] for record in run.of("file.open", operation="write")}
        (loaded,) = run.of("code.load", kind="module_file")
        self.assertIn(loaded["file.path"], written)
        self.assertIn(run.of("process.spawn")[0]["process.executable.path"], written)

    def test_pickle_and_marshal(self):
        run = self.observe(
            "import marshal, pickle, collections, multiprocessing\n"
            "data = pickle.dumps(collections.OrderedDict(a='hunter2'))\n"
            "for i in range(5): pickle.loads(data)\n"
            "exec(marshal.loads(marshal.dumps(compile('1', '<m>', 'exec'))))\n"
        )
        marshal = [("marshal", "", 1, "4")] if sys.version_info >= (3, 10) else []  # no event before
        self.assertEqual(self.loads(run), [("pickle", "collections.OrderedDict", 5, "3"), *marshal, ("code_object", "<m>", 1, "4")])

    def test_native_libraries(self):
        run = self.observe("import ctypes, ctypes.util\nc = ctypes.CDLL('libc.so.6'); c.getpid(); c.mprotect\ntry: c.XGrabKey\nexcept AttributeError: pass\n")
        self.assertEqual(self.loads(run), [("native_library", "libc.so.6", 1, "2"), ("injection", "mprotect", 1, "2")])
        self.assertEqual([record["sentinel.desktop.kind"] for record in run.of("desktop.use")], ["keyboard_hook"])

    def test_imports_are_no_code_loads(self):
        self.script("class A: pass\n", "other.py")
        run = self.observe("import other, json, decimal, email, logging.config, asyncio, http.client\n")
        self.assertEqual(self.loads(run), [])

    def test_bytes_are_not_compared_with_text(self):
        run_of = self.script("import marshal, pickle; marshal.loads(marshal.dumps(1))")
        self.assertEqual(self.python("-bb", run_of).stderr, "")


class TamperTest(ProbeTestCase):
    def kinds(self, text):
        run = self.observe(text)
        return [record["sentinel.tamper.kind"] for record in run.of("probe.tamper")]

    def test_another_audit_hook(self):
        self.assertEqual(self.kinds("import sys; sys.addaudithook(lambda *a: None)"), ["sys.addaudithook"])

    def test_looking_through_objects(self):
        self.assertEqual(self.kinds("import gc, sys; gc.get_objects(); gc.get_referrers(sys)"), ["gc.get_objects", "gc.get_referrers"])

    def test_the_hook_found_and_its_code_exchanged(self):
        text = (
            "import gc\n"
            "for each in gc.get_objects():\n"
            "    if type(each).__name__ == 'function' and each.__name__ == '_hook':\n"
            "        each.__code__ = (lambda event, args: None).__code__\n"
        )
        self.assertEqual(self.kinds(text), ["gc.get_objects", "function of the probe: __code__"])

    def test_the_table_found_and_emptied(self):
        text = "import gc\nfor each in gc.get_objects():\n    if type(each).__name__ == 'function' and each.__name__ == '_hook':\n        each.__globals__['SENSORS'].clear()\n"
        self.assertEqual(self.kinds(text), ["gc.get_objects", "event table"])

    def test_the_finder_taken_out(self):
        self.assertEqual(self.kinds("import sys\nopen('f', 'w').close()\nsys.meta_path[:] = sys.meta_path[2:]"), ["finder taken out"])

    @unittest.skipUnless(sys.platform == "linux", "names of the interpreter's own functions")
    def test_the_interpreters_hook_functions(self):
        self.assertEqual(self.kinds("import ctypes\ntry: ctypes.pythonapi.PySys_AddAuditHook\nexcept AttributeError: pass"), ["PySys_AddAuditHook"])

    def test_written_before_it_takes_effect(self):
        self.python("-c", "import gc, os\nopen('f', 'w').close()\ngc.get_objects()\nos.kill(os.getpid(), 9)", check=False)
        self.assertEqual([record["sentinel.tamper.kind"] for record in self.runs()[0].of("probe.tamper")], ["gc.get_objects"])

    def test_a_script_that_keeps_its_distance_is_not_accused(self):
        self.assertEqual(self.kinds("import gc, functools\ngc.collect(); f = lambda: 1\nf.__code__ = (lambda: 2).__code__\nassert f() == 2"), [])
