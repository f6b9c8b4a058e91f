"""Runs programs under the probe and reads what they wrote."""

import os
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.join(os.path.dirname(HERE), "src")
PACKAGE = os.path.join(SOURCE, "sentinel_probe")
INJECT = os.path.join(PACKAGE, "_inject")
if SOURCE not in sys.path:
    sys.path.insert(0, SOURCE)

UNESCAPED = {"\\": "\\", "t": "\t", "n": "\n", "r": "\r"}


def unescape(text):
    out, at = [], 0
    while at < len(text):
        if text[at] == "\\" and at + 1 < len(text):
            out.append(UNESCAPED.get(text[at + 1], text[at : at + 2]))
            at += 2
        else:
            out.append(text[at])
            at += 1
    return "".join(out)


def pairs(fields):
    assert len(fields) % 2 == 0, fields
    return {unescape(fields[at]): unescape(fields[at + 1]) for at in range(0, len(fields), 2)}


class Record(dict):
    """One activity: attributes, plus type and counters as Python attributes."""


class Run:
    """One spool file, read by the rules of packages/protocol/src/probe-record.ts."""

    def __init__(self, path):
        with open(path, "rb") as file:
            self.data = file.read()
        self.path = path
        self.kinds = []
        self.hello = self.end = self.health = None
        self.activities = {}
        for line in self.data.decode("utf-8").split("\n")[:-1]:
            fields = line.split("\t")
            kind = fields[0]
            self.kinds.append(kind)
            if kind == "H":
                assert fields[1] == "1" and fields[2].isdigit(), line
                self.started = int(fields[2])
                self.hello = pairs(fields[3:])
            elif kind == "A":
                record = Record(pairs(fields[9:]))
                record.type = fields[2]
                record.first = int(fields[3])
                self.activities[int(fields[1])] = record
                self._counters(record, fields[4:9])
            elif kind == "C":
                record = self.activities[int(fields[1])]
                assert fields[2].isdigit(), line
                record.update(pairs(fields[8:]))
                self._counters(record, fields[3:8])
            elif kind == "Q":
                self.health = pairs(fields[2:])
            elif kind == "E":
                assert fields[1].isdigit(), line
                self.ended = int(fields[1])
                self.end = pairs(fields[2:])
            else:
                raise AssertionError("unknown record " + line)

    @staticmethod
    def _counters(record, fields):
        assert all(field.isdigit() for field in fields), fields
        record.count, record.bytes_in, record.bytes_out, record.rows, record.errors = map(int, fields)

    def of(self, type_, **wanted):
        """Activities of a type; `path="x"` filters on the first attribute whose last part is `path`."""
        found = []
        for record in self.activities.values():
            if record.type == type_ and all(
                any(name.rpartition(".")[2] == key and value == given for name, value in record.items()) for key, given in wanted.items()
            ):
                found.append(record)
        return found


class ProbeTestCase(unittest.TestCase):
    """A temporary folder with a spool, and a way to run Python in it."""

    maxDiff = None

    def setUp(self):
        self.folder = os.path.realpath(tempfile.mkdtemp(prefix="sentinel-test-"))
        self.addCleanup(shutil.rmtree, self.folder, True)
        self.spool = os.path.join(self.folder, "spool")
        os.mkdir(self.spool)

    def environment(self, **more):
        names = ("PATH", "HOME", "LANG", "SystemRoot", "LD_LIBRARY_PATH")
        environment = {name: os.environ[name] for name in names if name in os.environ}
        environment.update(SENTINEL_SPOOL=self.spool, PYTHONPATH=INJECT)
        environment.update(more)
        return {name: value for name, value in environment.items() if value is not None}

    def python(self, *arguments, input=None, check=True, **more):
        """Runs Python; gives the completed process, whose output is text."""
        done = subprocess.run(
            [sys.executable, *arguments],
            env=self.environment(**more),
            cwd=self.folder,
            input=input,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            universal_newlines=True,
            timeout=60,
        )
        if check:
            self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done

    def script(self, text, name="script.py"):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def observe(self, text, *arguments, check=True, **more):
        """Runs a script under the probe; gives its run."""
        done = self.python(self.script(text), *arguments, check=check, **more)
        runs = self.runs()
        self.assertEqual(len(runs), 1, done)
        runs[0].done = done
        return runs[0]

    def runs(self):
        """Every run in the spool, oldest first."""
        names = sorted(os.listdir(self.spool))
        self.assertTrue(all(name.endswith(".probe") for name in names), names)
        return [Run(os.path.join(self.spool, name)) for name in names]
