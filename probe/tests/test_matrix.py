"""Every situation and client that the product promises has its test, with the packages and words that `matrix` says."""

import ast
import os
import re
import unittest

from . import matrix
from .test_robustness import HOSTILE

HERE = os.path.dirname(os.path.abspath(__file__))


def sources():
    """Path to text of all test modules."""
    found = {}
    for folder, _, names in os.walk(HERE):
        for name in names:
            if name.startswith("test_") and name.endswith(".py"):
                path = os.path.join(folder, name)
                with open(path, encoding="utf-8") as file:
                    found[path] = file.read()
    return found


class MatrixTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.sources = sources()
        cls.tests = {}
        for path, text in cls.sources.items():
            for node in ast.parse(text).body:
                if isinstance(node, ast.ClassDef):
                    for each in node.body:
                        if isinstance(each, ast.FunctionDef) and each.name.startswith("test_"):
                            cls.tests["%s.%s" % (node.name, each.name)] = path
        cls.pinned = set(re.findall(r'"([A-Za-z0-9_.\[\],-]+==[0-9][^"]*)"', "".join(cls.sources.values())))
        (clients,) = [text for path, text in cls.sources.items() if path.endswith("test_clients.py")]
        tree = ast.parse(clients)
        (scripts,) = [node.value for node in tree.body if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "SCRIPTS"]
        cls.words = {}
        for key, value in zip(scripts.keys, scripts.values):
            if isinstance(value.elts[1], ast.Constant):
                cls.words[key.value] = value.elts[1].value.split()

    def test_every_route_but_two_is_reached_and_has_a_test(self):
        self.assertEqual([name for name, is_reached, _ in matrix.ROUTES if not is_reached], ["-S", "embedded with site off"])
        self.assertEqual([name for name, _, proof in matrix.ROUTES if proof not in self.tests], [])

    def test_all_27_clients_have_a_test(self):
        self.assertEqual(len(matrix.CLIENTS), 27)
        for name, scenario, word, proof, _, _ in matrix.CLIENTS:
            with self.subTest(name):
                self.assertIn(proof, self.tests)
                if scenario is not None:
                    self.assertIn(word, self.words[scenario])
                    method = proof.rpartition(".")[2]
                    body = self.sources[self.tests[proof]].partition("def %s(" % method)[2].partition("\n    def ")[0]
                    self.assertIn('self.check("%s"' % scenario, body)
                else:
                    self.assertIn('"%s"' % word, self.sources[self.tests[proof]])

    def test_the_packages_are_pinned_at_the_versions_it_says(self):
        wanted = {each for row in (*matrix.CLIENTS, *matrix.MORE) for each in row[-2:] if each is not None}
        self.assertEqual(sorted(wanted - self.pinned), [])
        self.assertEqual([row[0] for row in matrix.MORE if row[1] not in self.tests], [])

    def test_every_evasion_is_tried_and_the_record_asked(self):
        for name, script, proof in matrix.EVASIONS:
            with self.subTest(name):
                self.assertTrue(script is None or script in HOSTILE, script)
                self.assertIn(proof, self.tests)


if __name__ == "__main__":
    unittest.main()
