"""The spool file: its form, the hello, the end, the limits."""

import os
import re
import subprocess
import sys
import uuid

from .support import ProbeTestCase


class RecordTest(ProbeTestCase):
    def test_a_run_that_does_nothing_leaves_hello_and_end(self):
        self.python("-c", "pass")
        (run,) = self.runs()
        self.assertEqual(run.kinds, ["H", "E"])
        self.assertEqual(run.hello["sentinel.script.kind"], "command")
        self.assertEqual(run.hello["process.args_count"], "0")
        self.assertEqual(run.hello["sentinel.run.start_kind"], "start")
        self.assertEqual(run.hello["process.executable.path"], sys.executable)
        self.assertEqual(run.hello["process.runtime.version"], "%d.%d.%d" % sys.version_info[:3])
        self.assertEqual(run.hello["process.working_directory"], self.folder)
        self.assertEqual(run.hello["process.user.id"], str(os.getuid()))
        self.assertEqual(run.hello["sentinel.interpreter.base_prefix"], sys.base_prefix)
        self.assertEqual(run.end["sentinel.run.exit_route"], "finished")
        if run.ended - run.started < 10_000_000:  # a busy machine may make more of it
            self.assertNotIn("sentinel.run.peak_memory_bytes", run.end)
        self.assertGreaterEqual(float(run.end["sentinel.run.cpu_user_ms"]), 0)

    def test_a_run_that_lasts_says_how_much_memory_it_used(self):
        self.python("-c", "import time; x = bytearray(50_000_000); del x; time.sleep(0.05)")
        (run,) = self.runs()
        self.assertGreater(int(run.end["sentinel.run.peak_memory_bytes"]), 50_000_000)

    def test_an_exit_function_kept_beyond_the_end_of_the_run_still_works(self):
        text = "import os\nclass Late:\n    leave = os._exit\n    def __del__(self): self.leave(5)\nLate.leave = staticmethod(os._exit)\nlate = Late()"
        done = subprocess.run([sys.executable, "-c", text], env=self.environment(), capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stderr), (5, ""))

    def test_the_run_id_is_a_version_7_uuid_and_names_the_file(self):
        self.python("-c", "pass")
        (run,) = self.runs()
        identifier = run.hello["sentinel.run.id"]
        self.assertEqual(os.path.basename(run.path), identifier + ".probe")
        self.assertEqual((uuid.UUID(identifier).variant, identifier[14]), (uuid.RFC_4122, "7"))
        self.assertTrue(re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", identifier))
        self.assertEqual(os.stat(run.path).st_mode & 0o777, 0o600)

    def test_script_identity_of_every_way_to_start(self):
        script = self.script("import sys")
        self.python(script, "in.csv", "--flag", "12", "https://user:pw@host/x?key=secret", "hunter2")
        (run,) = self.runs()
        self.assertEqual((run.hello["sentinel.script.kind"], run.hello["sentinel.script.path"]), ("file", script))
        self.assertEqual(run.hello["process.args_count"], "5")
        self.assertEqual(run.hello["sentinel.process.argument_shape"], "path flag number url text")
        self.assertNotIn(b"hunter2", run.data)
        self.assertNotIn(b"secret", run.data)

    def test_module_stdin_and_archive(self):
        import zipapp

        self.script("pass", "tool.py")
        self.python("-m", "tool", "a")
        (run,) = self.runs()
        self.assertEqual(run.hello["sentinel.script.kind"], "module")
        self.assertEqual(run.end["sentinel.script.module"], "tool")
        self.assertEqual(run.end["sentinel.script.path"], os.path.join(self.folder, "tool.py"))
        self.python("-", input="pass")
        self.assertEqual(self.runs()[1].hello["sentinel.script.kind"], "stdin")
        os.mkdir(os.path.join(self.folder, "app"))
        self.script("print('x')", "app/__main__.py")
        zipapp.create_archive(os.path.join(self.folder, "app"), os.path.join(self.folder, "app.pyz"))
        self.python("app.pyz")
        self.python("app")
        self.assertEqual([run.hello["sentinel.script.kind"] for run in self.runs()[2:]], ["archive", "archive"])

    def test_exception_and_os_exit_and_signals_say_how_the_run_ended(self):
        self.python("-c", "1/0", check=False)
        self.python("-c", "import os; os._exit(7)", check=False)
        self.python("-c", "import sys; sys.exit(3)", check=False)
        self.python("-c", "raise KeyboardInterrupt", check=False)
        self.python("-c", "import code; c = code.InteractiveInterpreter(); c.runsource('1/0')", check=False)
        ends = [(run.end["sentinel.run.exit_route"], run.end.get("sentinel.run.exit_code")) for run in self.runs()]
        self.assertEqual(ends, [("exception", "1"), ("os._exit", "7"), ("finished", None), ("exception", None), ("finished", None)])

    def test_tabs_line_feeds_and_undecodable_names_survive(self):
        path = os.path.join(self.folder, "a\tb\\c\nd.txt")
        run = self.observe("open(%r, 'w').close(); open(b'caf\\xe9', 'w').close(); open('é✓', 'w').close()" % path)
        paths = [record["file.path"] for record in run.of("file.open")]
        self.assertEqual(paths[0], path)
        self.assertIn("udce9", paths[1])
        self.assertEqual(paths[2], os.path.join(self.folder, "é✓"))

    def test_long_values_are_cut(self):
        run = self.observe("try: open('/' + 'x' * 3000)\nexcept OSError: pass\ntry: open('/' + 'x' * 3000, 'w')\nexcept OSError: pass")
        (record,) = run.of("file.open")
        self.assertEqual(len(record["file.path"]), 512)

    def test_counters_are_totals_and_memory_is_bounded(self):
        run = self.observe(
            "import os\n"
            "for i in range(21000):\n"
            "    fd = os.open('f%d' % i, os.O_WRONLY | os.O_CREAT); os.close(fd); os.unlink('f%d' % i) if i > 20500 else None\n"
        )
        self.assertLessEqual(len(run.activities), 20_100)
        self.assertLess(len(run.data), 6_000_000)
        (other,) = run.of("file.open", path="(other)")
        self.assertGreaterEqual(other.count, 500)
        self.assertGreater(int(run.health["sentinel.probe.dropped"]), 0)
        self.assertEqual(sum(record.count for record in run.of("file.open")), 21000)

    def test_repeated_events_are_one_record(self):
        self.script("x", "data.txt")
        run = self.observe("for i in range(500):\n    open('data.txt').close()")
        (record,) = run.of("file.open")
        self.assertEqual((record.count, record["file.size"]), (500, "1"))
        self.assertLess(len(run.kinds), 12)

    def test_main_module_runs_a_program_under_the_probe(self):
        script = self.script("print('here')")
        done = self.python("-m", "sentinel_probe", script, PYTHONPATH=os.path.dirname(os.path.dirname(self.environment()["PYTHONPATH"])))
        self.assertEqual(done.stdout, "here\n")
        (run,) = self.runs()
        self.assertEqual(run.hello["sentinel.script.path"], script)
