"""Threads, forks and interpreters within one process."""

import os
import sys
import unittest

from .support import ProbeTestCase

MANY = 10_000 if os.environ.get("SENTINEL_TEST_LONG") else 2_000


class ConcurrencyTest(ProbeTestCase):
    def test_no_count_is_lost_between_threads(self):
        run = self.observe(
            "import threading\nopen('same', 'w').close()\nstart = threading.Barrier(8)\n"
            "def work():\n    start.wait()\n    for i in range(1000): open('same').close()\n"
            "threads = [threading.Thread(target=work) for _ in range(8)]\n"
            "for t in threads: t.start()\n"
            "for t in threads: t.join()\n"
        )
        self.assertEqual([record.count for record in run.of("file.open", operation="read")], [8000])
        self.assertIsNone(run.health)

    def test_no_statement_and_no_byte_is_lost_between_threads(self):
        run = self.observe(
            "import socket, sqlite3, threading\nstart = threading.Barrier(8)\n"
            "listener = socket.socket(); listener.bind(('127.0.0.1', 0)); listener.listen(8)\n"
            "def work():\n"
            "    base = sqlite3.connect('shared.db', timeout=60)\n"
            "    mine = socket.create_connection(listener.getsockname())\n"
            "    start.wait()\n"
            "    for i in range(500):\n        base.execute('select 1').fetchone(); mine.send(b'x' * 10)\n"
            "    base.close(); mine.close()\n"
            "threads = [threading.Thread(target=work) for _ in range(8)]\n"
            "for t in threads: t.start()\n"
            "for t in threads: t.join()\n"
        )
        self.assertEqual([(record.count, record.rows) for record in run.of("db.query", summary="select ?")], [(4000, 4000)])
        self.assertEqual(sum(record.bytes_out for record in run.of("net.connect")), 40_000)
        self.assertIsNone(run.health)

    def test_many_forks_leave_nothing_and_lose_nothing(self):
        self.python(
            "-c",
            "import os\nfor i in range(%d):\n"
            "    child = os.fork()\n"
            "    if not child:\n"
            "        if i %% 100 == 0: open('mark', 'w').close()\n"
            "        os._exit(0)\n"
            "    assert os.waitpid(child, 0)[1] == 0\n"
            "assert sorted(os.listdir('/proc/self/fd')) in (['0', '1', '2', '3'], ['0', '1', '2'])\n" % MANY,
        )
        runs = self.runs()
        self.assertEqual(len(runs), 1 + MANY // 100)
        parent = [run for run in runs if run.hello["sentinel.run.start_kind"] == "start"][0]
        for run in runs:
            if run is not parent:
                self.assertEqual((run.hello["sentinel.run.parent_id"], len(run.of("file.open")), run.health), (parent.hello["sentinel.run.id"], 1, None))

    def test_a_child_counts_for_itself_whatever_its_parent_had_counted(self):
        self.python(
            self.script(
                "import os, sqlite3\nfor i in range(10): open('both', 'w').close()\n"
                "base = sqlite3.connect(':memory:')\nbase.execute('select 1').fetchall()\n"
                "child = os.fork()\n"
                "for i in range(3 if child else 5):\n    open('both', 'w').close(); sqlite3.connect(':memory:').execute('select 1').fetchall()\n"
                "if child: os.waitpid(child, 0)\n"
            )
        )
        counts = {}
        for run in self.runs():
            counts[run.hello["sentinel.run.start_kind"]] = ([each.count for each in run.of("file.open")], [each.count for each in run.of("db.query")])
        self.assertEqual(counts, {"start": ([13], [4]), "fork": ([5], [5])}, [run.data.decode() for run in self.runs()])

    def test_threads_whose_first_acts_come_at_once_in_a_child_are_all_its_own(self):
        self.python(
            "-W",
            "ignore",
            self.script(
                "import os, threading\nopen('parent', 'w').close()\n"
                "for n in range(10):\n"
                "    child = os.fork()\n"
                "    if not child:\n"
                "        start = threading.Barrier(4)\n"
                "        def act(i):\n            start.wait(); open('child-%d-%d' % (n, i), 'w').close()\n"
                "        threads = [threading.Thread(target=act, args=(i,)) for i in range(4)]\n"
                "        for t in threads: t.start()\n"
                "        for t in threads: t.join()\n"
                "        os._exit(0)\n"
                "    assert os.waitpid(child, 0)[1] == 0\n"
            ),
        )
        opened = {}
        for run in self.runs():
            opened.setdefault(run.hello["sentinel.run.start_kind"], []).append(len([each for each in run.of("file.open") if each["sentinel.file.operation"] == "write"]))
        self.assertEqual(opened, {"start": [1], "fork": [4] * 10})

    def test_a_fork_from_a_thread_while_others_work(self):
        self.python(
            "-W",
            "ignore",
            self.script(
                "import os, threading\nstop = []\n"
                "def work(n):\n    i = 0\n    while not stop: i += 1; open('t%d-%d' % (n, i % 50), 'w').close()\n"
                "threads = [threading.Thread(target=work, args=(n,)) for n in range(3)]\n"
                "for t in threads: t.start()\n"
                "for i in range(30):\n"
                "    child = os.fork()\n"
                "    if not child:\n        open('child-%d' % i, 'w').close(); os._exit(0)\n"
                "    assert os.waitpid(child, 0)[1] == 0\n"
                "stop.append(1)\nfor t in threads: t.join()\n"
            ),
        )
        children = [run for run in self.runs() if run.hello["sentinel.run.start_kind"] == "fork"]
        self.assertEqual(len(children), 30)
        self.assertEqual([len(run.of("file.open")) for run in children], [1] * 30)

    def test_every_interpreter_of_a_process_is_a_run(self):
        if sys.version_info >= (3, 14):
            text = "from concurrent import interpreters\nfor n in range(3):\n    i = interpreters.create(); i.exec(%r); i.close()\n"
        elif sys.version_info >= (3, 13):
            text = "import _interpreters as x\nfor n in range(3):\n    i = x.create(); assert x.exec(i, %r) is None; x.destroy(i)\n"
        else:
            text = "import _xxsubinterpreters as x\nfor n in range(3):\n    i = x.create(); x.run_string(i, %r); x.destroy(i)\n"
        self.python(self.script(text % "open('mark', 'a').close(); import json"))
        self.assertEqual(sum(1 for run in self.runs() if run.of("file.open", operation="append")), 3)


if __name__ == "__main__":
    unittest.main()
