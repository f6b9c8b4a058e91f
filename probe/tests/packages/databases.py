"""Runs scripts against real servers, with the probe and without it."""

import os
import re
import subprocess
import sys
import unittest

from .. import services
from ..environments import environment
from ..support import ProbeTestCase

#: Whether the oldest claimed versions are tested as well.
IS_LONG = os.environ.get("SENTINEL_TEST_LONG") == "1"


def python_of(version):
    """Command of an installed Python of that version, such as "3.8"; a SkipTest where there is none."""
    if sys.version_info[:2] == tuple(map(int, version.split("."))):
        return sys.executable
    for root in (os.environ.get("PYENV_ROOT"), os.path.expanduser("~/.pyenv")):
        places = os.path.join(root, "versions") if root else ""
        for name in sorted(os.listdir(places)) if os.path.isdir(places) else ():
            if name.startswith(version + "."):
                return os.path.join(places, name, "bin", "python")
    raise unittest.SkipTest("no Python %s" % version)


class DatabaseTest(ProbeTestCase):
    """A script runs bare and probed in an environment with real packages; both must say the same."""

    SERVICE = None  # function of tests.services
    NEWEST = ()  # requirements
    OLDEST = ()  # the same at the oldest claimed versions
    OLDEST_PYTHON = "3.8"
    PYTHON = None  # a version, where the newest release does not support this one

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if cls is DatabaseTest or not cls.NEWEST:
            raise unittest.SkipTest("a base")
        try:
            if cls.PYTHON or sys.version_info < (3, 10):
                python = python_of(cls.PYTHON or "3.11")
            else:
                python = sys.executable
            cls.pythons = [environment(*cls.NEWEST, python=python)]
            if IS_LONG and cls.OLDEST:
                cls.pythons.append(environment(*cls.OLDEST, python=python_of(cls.OLDEST_PYTHON)))
        except RuntimeError as error:
            raise unittest.SkipTest("packages cannot be had: %s" % error) from None
        cls.service = services.shared(cls.SERVICE[0]) if cls.SERVICE else None

    def each(self):
        for python in self.pythons:
            for name in os.listdir(self.spool):
                os.remove(os.path.join(self.spool, name))
            yield python

    def facts(self):
        service = self.service
        return (
            {}
            if service is None
            else {
                "DB_HOST": service.host,
                "DB_PORT": str(service.port),
                "DB_USER": service.user or "",
                "DB_PASSWORD": service.password,
                "DB_NAME": service.database,
            }
        )

    def run_script(self, python, path, **more):
        done = subprocess.run(
            [python, path],
            env={**self.environment(**more), **self.facts(), "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"},
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            universal_newlines=True,
            timeout=120,
        )
        texts = [re.sub(r"0x[0-9a-fA-F]{6,}", "0x", text) for text in (done.stdout, done.stderr)]
        return done.returncode, texts[0], re.sub(r'  File "<sentinel [^\n]*\n', "", texts[1])

    def watch(self, python, text, code=0, **more):
        """Runs a script bare and probed; gives the probed run. Whatever the script prints must be equal."""
        if os.environ.get("SENTINEL_TEST_PRELUDE"):  # shows the probe's own faults
            with open(os.environ["SENTINEL_TEST_PRELUDE"], encoding="utf-8") as file:
                text = file.read() + text
        path = self.script(text)
        bare = self.run_script(python, path, PYTHONPATH=None, SENTINEL_SPOOL=None, **more)
        self.assertEqual(bare[0], code, bare[2])
        seen = self.run_script(python, path, **more)
        self.assertEqual(seen, bare)
        runs = [run for run in self.runs() if run.hello.get("sentinel.run.start_kind") == "start"]
        run = max(runs, key=lambda each: os.stat(each.path).st_mtime_ns)
        self.assertEqual([record["error.type"] for record in run.of("probe.error")], [])
        self.assertNotIn(b"s3cret", run.data)
        self.assertNotIn(b"hunter2", run.data)
        return run

    def statements(self, run):
        """(operation, tables, executions, rows, errors) of each statement, sorted."""
        return sorted((r["db.operation.name"], r.get("db.collection.name", ""), r.count, r.rows, r.errors) for r in run.of("db.query"))

    def place(self, record):
        return tuple(record.get(name) for name in ("db.system.name", "server.address", "server.port", "db.namespace", "sentinel.db.user"))
