"""The pack of kinds of personal data means in Python what it means in JavaScript."""

import json
import os
import re
import unittest

from .support import PACKAGE

from sentinel_probe import boot

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

    def test_values_that_prove_themselves_are_found_and_the_same_with_one_character_changed_are_not(self):
        boot._home = PACKAGE
        pii = boot.load("pii")
        pairs = [  # those of find-pii.test.ts
            ("email", "ada.l@example.org", "ada.l(at)example.org"),
            ("iban", "DE89 3704 0044 0532 0130 00", "DE89 3704 0044 0532 0130 01"),
            ("payment-card", "4111 1111 1111 1111", "4111 1111 1111 1112"),
            ("us-ssn", "219-09-9999", "000-09-9999"),
            ("de-tax-id", "Steuer-ID 86095742719", "Steuer-ID 86095742718"),
            ("fr-nir", "2 55 08 14 168 025 38", "2 55 08 14 168 025 39"),
            ("es-dni", "12345678Z", "12345678A"),
            ("it-fiscal-code", "RSSMRA85T10A562S", "RSSMRA85T10A562T"),
            ("uk-nino", "AB 12 34 56 C", "AB 12 34 56 E"),
            ("nl-bsn", "BSN: 111222333", "BSN: 111222334"),
            ("pl-pesel", "PESEL 44051401359", "PESEL 44051401358"),
            ("ch-ahv", "756.9217.0769.85", "756.9217.0769.84"),
            ("at-svnr", "SVNR 1237 010180", "SVNR 1238 010180"),
            ("br-cpf", "529.982.247-25", "529.982.247-26"),
            ("in-aadhaar", "2341 2341 2346", "2341 2341 2347"),
        ]
        self.assertEqual([(kind, pii.kinds(right + "."), pii.kinds(wrong)) for kind, right, wrong in pairs], [(kind, {kind}, set()) for kind, _, _ in pairs])
        self.assertEqual([kind for kind, _, _ in pairs], [kind for kind, _, _, _ in boot.load("_generated.pii_kinds").KINDS])
        self.assertEqual(pii.kinds("2024-03-01 v1.2.3.4.5 order 4711-0815 hotel 12345678 900-12-3456 build 20240301 call_12345678 +49 (0)89 1234 5678"), set())


if __name__ == "__main__":
    unittest.main()
