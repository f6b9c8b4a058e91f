"""What a run says of what it runs: kind, path, and the hash of a source that stands in no file of its own."""

import hashlib
import os
import subprocess
import sys
import unittest

from .support import ProbeTestCase

LONG = "import time\ntime.sleep(0.11)\n"


class RunKindTest(ProbeTestCase):
    def run_of(self, *arguments, **more):
        before = len(self.runs())
        self.python(*arguments, **more)
        return self.runs()[before]

    @unittest.skipIf(sys.version_info < (3, 10), "the arguments are not kept")
    def test_a_command_is_hashed_at_the_end_of_a_run_that_lasts(self):
        for rest in ([], ["a", "-c", "b"]):
            run = self.run_of("-X", "utf8", "-c", LONG, *rest)
            self.assertEqual((run.hello["sentinel.script.kind"], run.end["sentinel.script.sha256"]), ("command", hashlib.sha256(LONG.encode()).hexdigest()))
        self.assertNotIn("sentinel.script.sha256", self.run_of("-c", "pass").end)
        self.assertNotIn("sentinel.script.sha256", self.run_of("-c", LONG + "import sys; sys.argv[1] = 'x'", "a").end)

    def test_a_file_on_standard_input_is_found_and_hashed(self):
        path = self.script(LONG)
        for arguments in ([], ["-"], ["-", "x"]):
            with open(path, "rb") as file:
                subprocess.run([sys.executable, *arguments], stdin=file, env=self.environment(), check=True)
            run = self.runs()[-1]
            self.assertEqual(run.hello["sentinel.script.kind"], "stdin")
            self.assertEqual((run.end["sentinel.script.path"], run.end["sentinel.script.sha256"]), (path, hashlib.sha256(LONG.encode()).hexdigest()))
        self.assertNotIn("sentinel.script.sha256", self.run_of(input=LONG).end)

    def test_the_other_kinds(self):
        path = self.script("", "tool.py")
        self.assertEqual(self.run_of(path).hello["sentinel.script.path"], path)
        run = self.run_of("-m", "tool")
        self.assertEqual((run.hello["sentinel.script.kind"], run.end["sentinel.script.module"], run.end["sentinel.script.path"]), ("module", "tool", path))
        folder = os.path.join(self.folder, "app")
        os.mkdir(folder)
        self.script("", "app/__main__.py")
        self.assertEqual(self.run_of(folder).end["sentinel.script.kind"], "archive")


if __name__ == "__main__":
    unittest.main()
