"""A quarantined version of a script does not start, and says why; whatever else is wrong there harms no script."""

import hashlib
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

INJECT = Path(__file__).resolve().parents[1] / "src/sentinel_probe/_inject"
ORDER = "01900000-0000-7000-8000-000000000001"


class Quarantine(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.spool = self.folder / "spool"
        self.spool.mkdir()
        self.script = self.folder / "report.py"
        self.script.write_text('print("ran")\n')

    def run_script(self):
        env = {**os.environ, "PYTHONPATH": str(INJECT), "SENTINEL_SPOOL": str(self.spool)}
        return subprocess.run([sys.executable, str(self.script)], env=env, capture_output=True, text=True, check=False)

    def hold(self, text):
        (self.folder / "quarantined").write_text(text)

    def digest(self):
        return hashlib.sha256(self.script.read_bytes()).hexdigest()

    def test_a_held_version_does_not_run_says_why_and_leaves_a_record(self):
        self.hold("%s\t%s\tsends rows abroad\n" % (self.digest(), ORDER))
        done = self.run_script()
        self.assertEqual((done.returncode, done.stdout), (126, ""))
        self.assertEqual(
            done.stderr,
            "\nSentinel: report.py does not start on this computer.\nThis version of the script is quarantined: sends rows abroad\n"
            "It stays so until your company's operators lift it (order %s). Nothing of the script has run.\n" % ORDER,
        )
        (record,) = self.spool.glob("*.probe")
        kinds = [line.split("\t")[0] for line in record.read_text().splitlines()]
        self.assertEqual(kinds, ["H", "A", "E"])
        self.assertIn("\tsentinel.decision.disposition\tblocked\t", record.read_text())

    def test_another_version_of_the_same_script_runs(self):
        self.hold("%s\t%s\tno\n" % (self.digest(), ORDER))
        self.script.write_text('print("ran")  # changed\n')
        done = self.run_script()
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "ran\n", ""))

    def test_a_broken_file_stops_nothing(self):
        for text in ("", "\n\n", "one\ttwo\n", "\t\t\t\t\n", "\0\0", self.digest()):
            self.hold(text)
            done = self.run_script()
            self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "ran\n", ""), repr(text))

    def test_a_folder_in_its_place_stops_nothing(self):
        (self.folder / "quarantined").mkdir()
        done = self.run_script()
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "ran\n", ""))


if __name__ == "__main__":
    unittest.main()
