"""What the record says of a script that works against the probe, by the table of research 3.9; what such a script notices is in `test_robustness`."""

import os
import shutil
import sys
import unittest

from .support import ProbeTestCase
from .test_robustness import HOSTILE

LISTEN = (
    "import socket\nlistener = socket.socket(); listener.bind(('127.0.0.1', 0)); listener.listen(8)\n"
    "def talk(made):\n    made.connect(listener.getsockname()); made.sendall(b'x' * 100); made.close()\n"
)


class EvasionTest(ProbeTestCase):
    def connects(self, run):
        port = [r["network.local.port"] for r in run.of("net.listen")][0]
        return [(r.count, r.bytes_out) for r in run.of("net.connect") if r.get("server.port") == port]

    def spawned(self, run):
        """Pythons started, with the kinds of their arguments: that one of the options is -S is the agent's to see."""
        return [(r["sentinel.process.launcher"], r["sentinel.process.argument_shape"]) for r in run.of("process.spawn")]

    def test_modules_cleared(self):
        for text in (HOSTILE["clear_modules"], HOSTILE["clear_modules"].replace("('sys', 'builtins', '__main__')", "('sys',)")):
            with self.subTest(text):
                shutil.rmtree(self.spool)
                os.mkdir(self.spool)
                self.check_cleared(self.observe(text))

    def check_cleared(self, run):
        self.assertEqual([r["sentinel.file.operation"] for r in run.of("file.open") if r["file.path"].endswith("/a")], ["write"])
        self.assertEqual([r["process.executable.name"] for r in run.of("process.spawn")], ["true"])

    def test_a_reloaded_socket_counts_bytes_again(self):
        run = self.observe(LISTEN + "import importlib\ntalk(socket.socket())\nimportlib.reload(socket)\ntalk(socket.socket())\ntalk(socket.socket())\n")
        ((count, sent),) = self.connects(run)
        self.assertEqual((count, sent), (3, 300))

    def test_the_c_modules_used_directly(self):
        run = self.observe(LISTEN + "import _io, posix, _socket\n_io.open('a', 'w').close()\nposix.close(posix.open('b', posix.O_WRONLY | posix.O_CREAT))\ntalk(_socket.socket())\n")
        self.assertEqual([r["file.path"].rpartition("/")[2] for r in run.of("file.open")], ["a", "b"])
        self.assertEqual([count for count, _ in self.connects(run)], [1])  # the address; its bytes pass by

    def test_a_child_without_site_is_named_by_its_parent(self):
        run = self.observe("import subprocess, sys\nsubprocess.run([sys.executable, '-S', '-c', 'pass'])\nsubprocess.run([sys.executable, '-I', '-S', '-c', 'pass'], env={})\n")
        self.assertEqual(self.spawned(run), [("subprocess.Popen", "flag flag text"), ("subprocess.Popen", "flag flag flag text")])

    def test_an_exec_without_site_is_named_before_it_happens(self):
        run = self.observe("import os, sys\nos.execv(sys.executable, [sys.executable, '-S', '-c', 'pass'])\n")
        self.assertEqual(self.spawned(run), [("os.exec", "flag flag text")])

    def test_a_record_that_was_cut_has_no_beginning(self):
        """What follows the cut is there without the hello and with ids that nothing introduces, which the agent takes for tampering."""
        self.python(self.script("import glob, os, time\nopen('a', 'w').close()\n[os.truncate(name, 0) for name in glob.glob(%r)]\ntime.sleep(0.1)\nopen('b', 'w').close()\n" % (self.spool + "/*")))


        (name,) = os.listdir(self.spool)
        with open(os.path.join(self.spool, name), "rb") as file:
            text = file.read()
        self.assertIn(b"/b\t", text)
        self.assertNotEqual(text[:2], b"H\t")

    @unittest.skipUnless(sys.platform == "linux", "reads /proc")
    def test_another_class_in_the_place_of_sockets(self):
        run = self.observe(LISTEN + "class Own(socket.socket):\n    pass\ntalk(Own())\n")
        self.assertEqual(self.connects(run), [(1, 100)])


if __name__ == "__main__":
    unittest.main()
