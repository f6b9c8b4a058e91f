"""The pack of kinds of personal data can be read by Python as it stands."""

import json
import os
import re
import unittest

PACK_PATH = os.path.join(os.path.dirname(__file__), "..", "..", "packages", "analyser", "packs", "pii-kinds.json")


class PiiKindsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with open(PACK_PATH, encoding="utf-8") as file:
            kinds = json.load(file)["kinds"]
        cls.patterns = {kind["id"]: [re.compile(pattern) for pattern in kind.get("patterns", [])] for kind in kinds}

    def found(self, kind, text):
        return [match.group() for pattern in self.patterns[kind] for match in pattern.finditer(text)]

    def test_patterns_find_in_python_what_they_find_in_javascript(self):
        cases = [
            ("email", "Ada <ada.l@example.org>,", ["ada.l@example.org"]),
            ("iban", "to DE89 3704 0044 0532 0130 00.", ["DE89 3704 0044 0532 0130 00"]),
            ("payment-card", "card 4111 1111 1111 1111.", ["4111 1111 1111 1111"]),
            ("us-ssn", "219-09-9999 and 000-12-3456", ["219-09-9999"]),
            ("ip-address", "from 192.0.2.17, not 1.2.3.4.5", ["192.0.2.17"]),
            ("phone", "+49 (0)89 1234 5678!", ["+49 (0)89 1234 5678"]),
        ]
        self.assertEqual([(kind, wanted) for kind, _, wanted in cases], [(kind, self.found(kind, text)) for kind, text, _ in cases])


if __name__ == "__main__":
    unittest.main()
