"""What the kernel saw more than 100 scripts do is what the probe recorded; see `truth`."""

import json
import os
import shutil
import subprocess
import sys
import unittest

from .support import ProbeTestCase
from .truth import over_scripts

TRUTH = os.path.dirname(os.path.abspath(over_scripts.__file__))


@unittest.skipUnless(shutil.which("strace"), "strace is not installed")
class TruthTest(ProbeTestCase):
    def test_over_all_scripts(self):
        self.assertGreaterEqual(len(over_scripts.names()), 100)
        reports = []
        for name, report in over_scripts.measure_all():
            reports.append(report)
            with self.subTest(script=name):
                self.assertEqual((report["invented"], report["unexplained"], report["faults"], report["unclaimed"]), ([], [], [], []), report["output"])
        sums = over_scripts.add(reports)
        self.assertEqual([kind for kind, each in sums.items() if each["kernel"] <= 20], [])
        for kind, each in sums.items():
            with self.subTest(kind=kind):
                self.assertGreaterEqual(each["recall"], over_scripts.NEEDED)

    def test_the_command_tells_true_from_false(self):
        script = self.script("open('seen.txt', 'w').close()\n")
        command = [sys.executable, TRUTH, "--json", script]
        done = subprocess.run(command, cwd=self.folder, env={**os.environ, "INIT_CWD": self.folder}, stdout=subprocess.PIPE, universal_newlines=True)
        report = json.loads(done.stdout)
        self.assertEqual((done.returncode, report["is_true"], report["files"]["recall"]), (0, True, 1.0))

        script = self.script("import subprocess, sys\nsubprocess.run([sys.executable, '-S', '-c', \"open('unseen.txt', 'w').close()\"])\n")
        done = subprocess.run(command, cwd=self.folder, env={**os.environ, "INIT_CWD": self.folder}, stdout=subprocess.PIPE, universal_newlines=True)
        report = json.loads(done.stdout)
        self.assertEqual((done.returncode, report["is_true"]), (1, False))
        self.assertIn("unseen.txt", report["files"]["misses"][0]["what"])
        self.assertIn("-S", report["files"]["misses"][0]["why"])


if __name__ == "__main__":
    unittest.main()
