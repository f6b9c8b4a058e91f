"""The Python reader of the formats pack finds what the pack says, and what the TypeScript reader finds."""

import hashlib
import json
import os
import re
import unittest

from . import support  # noqa: F401  (puts the probe's sources on the path)

from sentinel_probe.secret_formats import FormatPack, entropy_bits, is_filler

PACK_PATH = os.path.join(os.path.dirname(__file__), "..", "..", "packages", "analyser", "packs", "secret-formats.json")


def read_rows():
    with open(PACK_PATH, encoding="utf-8") as file:
        return json.load(file)


class SecretFormatsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.document = read_rows()
        cls.pack = FormatPack.load(PACK_PATH)

    def ids_in(self, text):
        return [match.format_id for match in self.pack.find(text)]

    def test_finds_every_true_case(self):
        missed = [row["id"] for row in self.document["formats"] for parts in row["trueCases"] if row["id"] not in self.ids_in("".join(parts))]
        self.assertEqual([], missed)

    def test_finds_no_false_case(self):
        wrong = [row["id"] for row in self.document["formats"] for parts in row["falseCases"] if row["id"] in self.ids_in("".join(parts))]
        self.assertEqual([], wrong)

    def test_finds_in_all_cases_what_the_typescript_reader_finds(self):
        lines = []
        for row in self.document["formats"]:
            for parts in row["trueCases"] + row["falseCases"]:
                found = [[match.format_id, match.start, match.end, match.check] for match in self.pack.find("".join(parts))]
                lines.append(json.dumps(found, separators=(",", ":")))
        self.assertEqual(self.document["casesDigest"], hashlib.sha256("\n".join(lines).encode()).hexdigest())

    def test_a_value_is_cut_out_whole(self):
        row = next(row for row in self.document["formats"] if row["id"] == "github-pat-classic")
        text = "".join(row["trueCases"][0])
        match = next(match for match in self.pack.find(text) if match.format_id == row["id"])
        self.assertTrue(re.fullmatch(row["pattern"], text[match.start : match.end]))
        self.assertEqual("passed", match.check)

    def test_made_up_values_are_none(self):
        self.assertTrue(is_filler("x" * 36))
        self.assertTrue(is_filler("abcdefghijklmnopqrstuvwxyz"))
        self.assertFalse(is_filler("q7Zp2Lw9Xc4Vb8Nm3Kj5Hg6Fd1Sa0PoWeRt5"))

    def test_entropy_counts_bits_per_character(self):
        self.assertEqual(0, entropy_bits("aaaa"))
        self.assertEqual(2, entropy_bits("abcd"))

    def test_long_input_without_any_value_is_survived(self):
        self.assertEqual([], self.pack.find("-----BEGIN " * 2000 + "eyJ" * 5000 + "sk-" * 5000))


if __name__ == "__main__":
    unittest.main()
