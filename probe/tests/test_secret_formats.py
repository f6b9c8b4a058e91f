"""The Python reader of the formats pack finds what the pack says, and what the TypeScript reader finds."""

import hashlib
import json
import os
import re
import unittest

from . import support  # noqa: F401  (puts the probe's sources on the path)

from sentinel_probe import secret_formats
from sentinel_probe.secret_formats import FormatPack, entropy_bits, is_filler

PACK_PATH = os.path.join(os.path.dirname(__file__), "..", "..", "packages", "analyser", "packs", "secret-formats.json")


def read_rows():
    with open(PACK_PATH, encoding="utf-8") as file:
        return json.load(file)


def plain_reading(rows, text):
    """Every match at every place of every anchor, without any shortcut."""
    lowered = text.translate({code: code + 32 for code in range(65, 91)})
    found = set()
    for row in rows:
        known = secret_formats._Format(row)
        for anchor in known.anchors:
            wanted = anchor.lower() if known.is_near else anchor
            for at in range(len(text)):
                if not (lowered if known.is_near else text).startswith(wanted, at):
                    continue
                if not known.is_near:
                    match = secret_formats._token(known, text, at, anchor)
                else:
                    match = secret_formats._near(known, text, at + len(anchor)) if secret_formats._is_word_start(text, at) else None
                if match is not None:
                    found.add(repr(match))
    return found


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

    def test_the_pack_holds_at_least_300_formats_each_with_source_and_cases(self):
        rows = self.document["formats"]
        poor = [row["id"] for row in rows if not (row["source"]["url"] and row["trueCases"] and row["falseCases"])]
        self.assertEqual([], poor)
        self.assertGreaterEqual(len(rows), 300)

    def test_looking_only_where_words_fit_leaves_no_value_out(self):
        # Each format alone, asked at every place of its anchors, is the plain reading.
        texts = []
        for number, row in enumerate(self.document["formats"]):
            if number % 12:
                continue
            case = "".join(row["trueCases"][0])
            texts.append(["", "my", "x1", "\\n", "a.", "A", "k=", "\u00e9", "\U0001f511 "][number // 12 % 9] + case + "\nend")
            texts.append("call" + case.title() + " " + case.upper())
        for text in texts:
            found = [repr(match) for match in self.pack.find(text)]
            self.assertEqual(sorted(set(found)), sorted(plain_reading(self.document["formats"], text)))

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
