"""What reaches the file however the program ends, and what the probe does when it cannot write."""

import os
import subprocess
import sys
import unittest

from .support import ProbeTestCase

ACT = "open('seen', 'w').close()\n"


class DeliveryTest(ProbeTestCase):
    def test_an_isolated_event_survives_every_way_to_die(self):
        endings = {
            "os._exit": "os._exit(3)",
            "kill": "os.kill(os.getpid(), signal.SIGKILL)",
            "terminate": "os.kill(os.getpid(), signal.SIGTERM)",
            "crash": "os.kill(os.getpid(), signal.SIGSEGV)",
            "abort": "os.abort()",
            "exec": "os.execv('/bin/true', ['true'])",
        }
        for name, ending in endings.items():
            with self.subTest(name):
                before = len(self.runs())
                self.python("-c", "import os, signal, time\n" + ACT + "time.sleep(0.08)\nos.rename('seen', 'moved')\n" + ending, check=False)
                run = self.runs()[before]
                self.assertEqual((len(run.of("file.open")), len(run.of("file.change"))), (1, 1))

    def test_a_burst_loses_at_most_its_last_64_records(self):
        self.python("-c", "import os, signal\nfor i in range(1000): open('b%d' % i, 'w').close()\nos.kill(os.getpid(), signal.SIGKILL)", check=False)
        (run,) = self.runs()
        self.assertGreaterEqual(len(run.of("file.open")), 1000 - 64)

    def test_a_running_program_can_be_read(self):
        child = subprocess.Popen(
            [sys.executable, "-c", ACT + "print(1, flush=True)\nimport time\ntime.sleep(30)"], env=self.environment(), cwd=self.folder, stdout=subprocess.PIPE
        )
        try:
            child.stdout.readline()
            (run,) = self.runs()
            self.assertEqual(run.kinds[0], "H")
            self.assertEqual(len(run.of("file.open")), 1)
        finally:
            child.kill()
            child.wait()
            child.stdout.close()

    def test_without_a_spool_nothing_starts(self):
        check = "import sys, os; assert not [f for f in sys.meta_path if 'sentinel' in repr(f)]; print(len(sys.path) > 1)"
        self.assertEqual(self.python("-c", check, SENTINEL_SPOOL=None).stdout, "True\n")

    def test_a_spool_that_cannot_be_written_changes_nothing(self):
        gone = os.path.join(self.folder, "gone")
        locked = os.path.join(self.folder, "locked")
        os.mkdir(locked, 0o500)
        for spool in (gone, locked, "/dev/null", "/dev/full", "relative"):
            with self.subTest(spool):
                done = self.python("-W", "error", "-X", "dev", "-c", ACT + "import json, os; os.remove('seen'); print('fine')", SENTINEL_SPOOL=spool)
                self.assertEqual(done.stdout, "fine\n")
        self.assertFalse(os.path.exists(gone))

    def test_events_from_many_threads_are_all_counted(self):
        run = self.observe(
            "import threading\n"
            "def work(n):\n    for i in range(50): open('t%d-%d' % (n, i), 'w').close()\n"
            "threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]\n"
            "for t in threads: t.start()\n"
            "for t in threads: t.join()\n"
        )
        self.assertEqual(len(run.of("file.open")), 400)
        self.assertIsNone(run.health)

    def test_no_thread_and_no_descriptor_is_kept(self):
        self.python(
            "-c",
            "import os\nopen('x', 'w').close()\nimport sqlite3, subprocess\nsubprocess.run(['true'])\n"
            "assert sorted(os.listdir('/proc/self/fd')) in (['0', '1', '2', '3'], ['0', '1', '2']), os.listdir('/proc/self/fd')\n"
            "assert len(os.listdir('/proc/self/task')) == 1\n",
        )


class RobustnessTest(ProbeTestCase):
    def test_few_descriptors(self):
        done = self.python(
            "-c",
            "import resource, os\nresource.setrlimit(resource.RLIMIT_NOFILE, (4, 4))\n"
            "f = open('a', 'w'); f.write('x')\ntry: open('b', 'w')\nexcept OSError as e: print(e.errno)\nf.close(); open('c', 'w').close()\n",
        )
        self.assertEqual(done.stdout, "24\n")

    def test_close_range(self):
        self.python("-c", "import os\nopen('a', 'w').close()\nos.closerange(3, 256)\nopen('b', 'w').close()\n")
        (run,) = self.runs()
        self.assertEqual(len(run.of("file.open")), 2)

    def test_low_recursion_limit(self):
        text = (
            "import sys\n"
            "def down(n):\n    try: return down(n + 1)\n    except RecursionError:\n        return n\n"
            "sys.setrecursionlimit(60)\na = down(0)\nopen('x', 'w').close()\nsys.setrecursionlimit(1000)\nprint(a)\n"
        )
        self.assertEqual(self.python("-c", text).stdout, self.python("-c", text, SENTINEL_SPOOL=None, PYTHONPATH=None).stdout)

    def test_interpreter_options(self):
        for options in (["-O"], ["-OO"], ["-B"], ["-bb"], ["-s"], ["-X", "dev"], ["-W", "error"], ["-u"], ["-q"], ["-X", "utf8"]):
            with self.subTest(options):
                before = len(self.runs())
                done = self.python(*options, "-c", ACT + "import sqlite3, socket\nprint(1)")
                self.assertEqual(done.stdout, "1\n")
                self.assertEqual(len(self.runs()[before].of("file.open")), 1)

    def test_a_damaged_probe_is_silent(self):
        import shutil

        from .support import PACKAGE

        for missing in ("boot.py", "core.py", "errors.py", "sensors"):
            with self.subTest(missing):
                copy = os.path.join(self.folder, "copy-" + missing)
                shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
                path = os.path.join(copy, missing)
                shutil.rmtree(path) if os.path.isdir(path) else os.remove(path)
                done = self.python("-c", ACT + "import json, sqlite3\nprint('ok')", "arg", PYTHONPATH=os.path.join(copy, "_inject"))
                self.assertEqual(done.stdout, "ok\n")

    def test_a_fault_of_ours_is_counted_and_switches_its_handler_off(self):
        run = self.observe(
            "import gc\nopen('a', 'w').close()\n"
            "core = [o for o in gc.get_objects() if type(o) is dict and o.get('__name__') == 'sentinel_probe.sensors.io'][0]\n"
            "core['operation'] = None\n"
            "open('b', 'w').close(); open('c', 'w').close()\nimport os; os.remove('b')\n"
        )
        self.assertEqual([record["error.type"] for record in run.of("probe.error")], ["TypeError"])
        self.assertEqual((run.health["sentinel.probe.errors"], len(run.of("file.open")), len(run.of("file.change"))), ("1", 1, 1))

    def test_a_signal_handlers_exception_reaches_the_script(self):
        text = (
            "import signal\nclass Late(Exception): pass\ndef ring(*a): raise Late\nsignal.signal(signal.SIGALRM, ring)\n"
            "got = 0\nfor i in range(30):\n    signal.setitimer(signal.ITIMER_REAL, 0.002)\n    try:\n"
            "        while True: open('/tmp/none-%d' % i, 'w').close()\n    except Late: got += 1\nprint(got)\n"
        ).replace("/tmp/none-", self.folder + "/n")
        self.assertEqual(self.python("-c", text).stdout, "30\n")
        (run,) = self.runs()
        self.assertIsNone(run.health)

    def test_the_next_sitecustomize_runs_and_its_fault_shows_as_without_us(self):
        for body in ("print('mine')", "raise RuntimeError('boom')", "import nothing_like_this", "import sys; sys.exit(4)"):
            with self.subTest(body):
                self.script(body, "sitecustomize.py")
                inject = self.environment()["PYTHONPATH"]
                with_us = self.python("-c", "print(2)", PYTHONPATH=inject + os.pathsep + self.folder, check=False)
                without = self.python("-c", "print(2)", PYTHONPATH=self.folder, SENTINEL_SPOOL=None, check=False)
                if sys.version_info < (3, 11) and "exit" in body:
                    self.assertEqual(with_us.returncode, without.returncode)
                    continue
                self.assertEqual((with_us.returncode, with_us.stdout, with_us.stderr), (without.returncode, without.stdout, without.stderr))

    def test_old_pythons_are_left_alone(self):
        import glob

        siblings = glob.glob(os.path.join(os.path.dirname(sys.base_prefix), "*", "bin", "python"))
        found = [path for path in siblings if any("%s%s." % (os.sep, old) in path for old in ("2.7", "3.6", "3.7"))]
        if not found:
            raise unittest.SkipTest("no Python older than 3.8")
        for path in found:
            done = subprocess.run([path, "-c", "import sys; print(42)"], env=self.environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            self.assertEqual((done.returncode, done.stdout, done.stderr), (0, b"42\n", b""), path)


