"""What the kernel saw scripts with pandas, openpyxl, SQLAlchemy, requests and httpx do is what the probe recorded; see `tests.truth`."""

import shutil
import sys
import unittest

from ..environments import environment
from ..truth import over_scripts
from .databases import python_of


@unittest.skipUnless(shutil.which("strace"), "strace is not installed")
class TruthOfPackagesTest(unittest.TestCase):
    def test_over_all_scripts(self):
        try:
            python = environment(*over_scripts.NEEDS, python=sys.executable if sys.version_info >= (3, 11) else python_of("3.11"))
        except RuntimeError as error:
            self.skipTest("packages cannot be had: %s" % error)
        reports = []
        for name, report in over_scripts.measure_all(python, scripts=over_scripts.WITH_PACKAGES):
            reports.append(report)
            with self.subTest(script=name):
                self.assertEqual(report["exit_code"], 0, report["output"])
                self.assertEqual((report["invented"], report["unexplained"], report["faults"], report["unclaimed"]), ([], [], [], []), report["output"])
        for kind, each in over_scripts.add(reports).items():
            with self.subTest(kind=kind):
                self.assertGreaterEqual(each["recall"], over_scripts.NEEDED)


if __name__ == "__main__":
    unittest.main()
