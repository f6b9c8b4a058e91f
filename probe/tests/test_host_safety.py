"""Programs behave the same with and without the probe: output, exit code, traceback, byte for byte.

Every script of `host_safety/scripts` runs bare, with the probe through PYTHONPATH, and with the probe installed in an interpreter
prefix made of links (no PYTHONPATH). First lines may say: `# options:` for the interpreter, `# mode:` command, stdin, interactive, module or zipapp,
`# min:` oldest version, `# before-3.11:` what differs there (tracebacks of failing calls of patched methods have one more frame).
"""

import os
import re
import subprocess
import sys
import unittest
import zipapp

from .support import HERE, INJECT, ProbeTestCase

sys.path.insert(0, os.path.join(os.path.dirname(HERE), "bench"))
from bench_probe import make_prefix  # noqa: E402

SCRIPTS = os.path.join(HERE, "host_safety", "scripts")


#: Scripts that CPython 3.15.2 never ends, without the probe: a pool's worker forked there does not come back with an exception.
ENDLESS = ("multiprocessing_error",)


class HostSafetyTest(ProbeTestCase):
    def setUp(self):
        super().setUp()
        self.bare = make_prefix(os.path.join(self.folder, "bare"), False)
        self.probed = make_prefix(os.path.join(self.folder, "prob"), True)
        self.assertEqual(len(self.bare), len(self.probed))

    def command(self, name, text, route):
        """Arguments and standard input of a script."""
        heads = dict(re.findall(r"^# ([a-z0-9.-]+): (.*)$", text, re.M))
        if "min" in heads and sys.version_info < tuple(map(int, heads["min"].split("."))):
            return None
        options = heads.get("options", "").split()
        mode = heads.get("mode", "file")
        given = os.path.join(self.folder, "work", name + ".py")
        os.makedirs(os.path.dirname(given), exist_ok=True)
        with open(given, "w", encoding="utf-8") as file:
            file.write(text)
        if mode == "command":
            return [*options, "-c", text, "arg"], "", heads
        if mode == "stdin":
            return [*options, "-", "arg"], text, heads
        if mode == "interactive":
            return [*options, "-i", "-q", "-c", ""], text, heads
        if mode == "module":
            return [*options, "-m", name, "arg"], "", heads
        if mode == "zipapp":
            source = os.path.join(self.folder, "app")
            os.makedirs(source, exist_ok=True)
            with open(os.path.join(source, "__main__.py"), "w", encoding="utf-8") as file:
                file.write(text)
            zipapp.create_archive(source, given + "z")
            return [*options, given + "z", "arg"], "", heads
        return [*options, given], "", heads

    def run_route(self, name, text, route):
        found = self.command(name, text, route)
        if found is None:
            return None
        arguments, given, heads = found
        environment = self.environment(PYTHONPATH=INJECT if route == "path" else None, SENTINEL_SPOOL=None if route == "bare" else self.spool)
        environment.update(PYTHONDONTWRITEBYTECODE="1", PYTHONHASHSEED="0")
        executable = self.probed if route == "installed" else self.bare
        done = subprocess.run(
            [executable, *arguments],
            input=given.encode(),
            env=environment,
            cwd=os.path.join(self.folder, "work"),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            timeout=60,
        )
        texts = []
        for output in (done.stdout, done.stderr):
            text = output.decode("utf-8", "backslashreplace").replace(self.folder + "/prob/", self.folder + "/bare/")
            text = re.sub(r"0x[0-9a-fA-F]{6,}", "0x", text)
            text = re.sub(r"(port|laddr=|raddr=)[^>]*", r"\1", text)
            text = re.sub(r"tmp[a-z0-9_]{8}", "tmp", text)
            texts.append(re.sub(r"(pid |fd=|Thread-)\d+", r"\1", text))
        return done.returncode, texts[0], texts[1], heads

    def test_every_script_behaves_as_without_the_probe(self):
        names = sorted(name[:-3] for name in os.listdir(SCRIPTS) if name.endswith(".py"))
        self.assertGreaterEqual(len(names), 50)
        seen = 0
        for name in names:
            if name in ENDLESS and sys.version_info >= (3, 15):
                continue
            with open(os.path.join(SCRIPTS, name + ".py"), encoding="utf-8") as file:
                text = file.read()
            bare = self.run_route(name, text, "bare")
            if bare is None:
                continue
            for route in ("path", "installed"):
                with self.subTest(script=name, route=route):
                    with_probe = self.run_route(name, text, route)
                    seen += 1
                    if sys.version_info < (3, 11) and "before-3.11" in bare[3]:
                        self.assertEqual(with_probe[:2], bare[:2])
                        without = re.sub(r'  File "<sentinel [^\n]*\n', "", with_probe[2])
                        self.assertEqual(without, bare[2])
                    else:
                        self.assertEqual(with_probe[:3], bare[:3])
        self.assertGreaterEqual(seen, 100)
        for run in self.runs():
            self.assertEqual([record["error.type"] for record in run.of("probe.error")], [], run.path)


if __name__ == "__main__":
    unittest.main()
