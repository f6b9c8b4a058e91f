"""Statements lose their literals in every dialect; vectors/sql.json holds what each must give."""

import json
import os
import random
import time
import unittest

from .support import HERE

from sentinel_probe.sql import summarise
from sentinel_probe.sql_files import files

with open(os.path.join(HERE, "vectors", "sql.json"), encoding="utf-8") as _file:
    VECTORS = json.load(_file)

#: How each dialect writes a string or a comment; %s is the secret.
HIDING = {
    "postgresql": ["'%s'", "E'\\'%s'", "$$%s$$", "$q$ ' %s $q$", "'a''%s'", "/* ' %s */", "/* /* */ %s */"],
    "mysql": ["'%s'", "'\\'%s'", "'a''%s'", "# %s\n", "-- %s\n", "/* %s */"],
    "sqlite": ["'%s'", "'a''%s'", "-- %s\n", "x'%s'"],
    "microsoft.sql_server": ["N'%s'", "'%s'", "'a''%s'", "/* /* ' */ %s */"],
    "oracle.db": ["'%s'", "q'[it's %s]'", "nq'{ ' %s}'", "'a''%s'"],
    "duckdb": ["'%s'", "$$%s$$"],
    "gcp.bigquery": ["'%s'", "'''it's %s'''"],
    "snowflake": ["'%s'", "$$%s$$", "'\\'%s'"],
    "": ["'%s'"],
}
NOISE = ["'", '"', "$", "[", "]", "(", ")", ";", "/*", "*/", "--", "\\", "`", "@", "%", "\0", "é", "\n", ",", "\ud800"]


class SqlTest(unittest.TestCase):
    def test_vectors(self):
        self.assertGreaterEqual(len(VECTORS), 300)
        for vector in VECTORS:
            with self.subTest(system=vector["system"], text=vector["text"]):
                self.assertEqual(summarise(vector["text"], vector["system"]), (vector["operation"], vector["tables"], vector["summary"]))

    def test_no_vector_shows_its_secret(self):
        for vector in VECTORS:
            shown = "%s %s %s" % summarise(vector["text"], vector["system"])
            self.assertNotIn("hunter2", shown.lower())
            self.assertNotIn("4711", shown)

    def test_a_secret_in_a_string_or_comment_never_leaves(self):
        chance = random.Random(20)
        plain = [v for v in VECTORS if v["system"] in HIDING and "hunter2" not in v["text"] and not set(v["text"]) & set("\"'`$[#\\")]
        self.assertGreater(len(plain), 100)
        for _ in range(3000):
            vector = chance.choice(plain)
            words = vector["text"].split(" ")
            for _ in range(chance.randint(1, 4)):
                words.insert(chance.randint(0, len(words)), chance.choice(HIDING[vector["system"]]) % "hunter2")
            text = " ".join(words)
            self.assertNotIn("hunter2", "%s %s %s" % summarise(text, vector["system"]), text)

    def test_nothing_raises(self):
        chance = random.Random(21)
        for _ in range(5000):
            vector = chance.choice(VECTORS)
            letters = list(vector["text"])
            for _ in range(chance.randint(0, 6)):
                at = chance.randrange(len(letters) + 1)
                letters[at : at + chance.randint(0, 3)] = chance.choice(NOISE)
            text = "".join(letters)
            for result in (summarise(text, vector["system"]), summarise(text)):
                self.assertEqual([type(each) for each in result], [str, str, str])
            files(text)

    def test_long_texts_take_no_longer_than_the_part_that_is_looked_at(self):
        for piece in ("(", "'", "$$", "/*", "[", '"', "a.", "a,", " from ", "with a as (", "-", "%(", "@", "\\'", "q'", "E'", "?,", "('a', 1), "):
            started = time.process_time()
            summarise("select " + piece * 200_000)
            files("select " + piece * 200_000)
            self.assertLess(time.process_time() - started, 1.0, piece)

    def test_files_of_statements(self):
        cases = {
            "select * from 'a.csv' join 'b''c.parquet' x on 1 = 1": [("a.csv", "read"), ("b'c.parquet", "read")],
            "select * from read_csv('a.csv', delim = ';')": [("a.csv", "read")],
            "select * from read_parquet(['a', 'b']) where x = 'c'": [("a", "read"), ("b", "read")],
            "copy t to 'out.csv' (format csv, delimiter ',')": [("out.csv", "write")],
            "copy t from 'in.csv'": [("in.csv", "read")],
            "attach 'other.db' as o; export database 'folder'": [("other.db", "read"), ("folder", "write")],
            "select * from 's3://bucket/a.parquet'": [],
            "select * from t where a = 'x.csv' and b in ('y.csv', 'z.csv') -- from 'w.csv'": [],
        }
        self.assertEqual({text: files(text) for text in cases}, cases)


if __name__ == "__main__":
    unittest.main()
