"""The two sides of a comparison: an interpreter without the probe and one with it, that differ in nothing else.

Both interpreters are prefixes of the same depth and name length, made of links to a real installation. The probe is copied first,
so that a run of hours compares one and the same probe although somebody edits its sources meanwhile.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
PROBE = os.path.dirname(os.path.dirname(HERE))
SOURCE = os.path.join(PROBE, "src", "sentinel_probe")
CACHE = os.path.join(os.path.dirname(PROBE), ".cache", "unharmed")
ROUTES = ("installed", "path")

_MAKE = """
import sys
sys.path[:0] = {paths!r}
from bench_probe import make_prefix
import os
print(make_prefix({folder!r}, False))
"""


def digest():
    """Names the state of the probe's sources, in 12 hexadecimal digits."""
    found = hashlib.sha256()
    for folder, folders, files in os.walk(SOURCE):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        for name in sorted(files):
            if name.endswith(".py"):
                with open(os.path.join(folder, name), "rb") as file:
                    found.update(os.path.relpath(os.path.join(folder, name), SOURCE).encode() + b"\0" + file.read() + b"\0")
    return found.hexdigest()[:12]


class Sides:
    """A bare and a probed interpreter in a temporary folder; use it with `with`."""

    def __init__(self, python, route="installed"):
        if route not in ROUTES:
            raise ValueError("route %r is none of %s" % (route, ROUTES))
        self.python = python
        self.route = route

    def __enter__(self):
        self.digest = digest()
        self.folder = os.path.realpath(tempfile.mkdtemp(prefix="sentinel-unharmed-"))
        self.copy = os.path.join(self.folder, "copy", "sentinel_probe")
        shutil.copytree(SOURCE, self.copy, ignore=shutil.ignore_patterns("__pycache__"))
        self.spool = os.path.join(self.folder, "spool")
        self.faults = os.path.join(self.folder, "faults.txt")
        self._tell_faults()
        self.bare = self._prefix("bare")
        self.probed = self._prefix("prob")
        if self.route == "installed":
            text = subprocess.run(
                [self.probed, "-c", "import sys; sys.path.insert(0, sys.argv[1]); from sentinel_probe.installing import sitecustomize_text as t\n"
                 "print(t(sys.argv[2], sys.argv[3]))", os.path.dirname(self.copy), self.copy, self.spool],
                stdout=subprocess.PIPE, check=True, universal_newlines=True, env=self._clean()).stdout  # fmt: skip
            library = os.path.join(os.path.dirname(os.path.dirname(self.probed)), "lib", os.path.basename(self.probed))
            with open(os.path.join(library, "sitecustomize.py"), "w", encoding="utf-8") as file:
                file.write(text)
        self.fresh_spool()
        return self

    def __exit__(self, *error):
        shutil.rmtree(self.folder, ignore_errors=True)

    def _tell_faults(self):
        """Has the copy of the probe write down where its faults come from, which the probe itself has no use for."""
        path = os.path.join(self.copy, "errors.py")
        with open(path, encoding="utf-8") as file:
            text = file.read()
        head, mark, rest = text.partition("    COUNT[0] += 1\n")
        if not mark:
            raise RuntimeError("errors.fault has changed; say here how to see a fault")
        told = "    import traceback\n    with open(%r, 'a') as file:\n        traceback.print_exception(type(error), error, error.__traceback__, file=file)\n" % self.faults
        with open(path, "w", encoding="utf-8") as file:
            file.write(head + mark + told + rest)

    def fresh_spool(self):
        """Empties the spool."""
        shutil.rmtree(self.spool, ignore_errors=True)
        os.mkdir(self.spool)

    def _prefix(self, name):
        code = _MAKE.format(paths=[os.path.join(PROBE, "bench"), os.path.join(PROBE, "src")], folder=os.path.join(self.folder, name))
        return subprocess.run([self.python, "-c", code], stdout=subprocess.PIPE, check=True, universal_newlines=True, env=self._clean()).stdout.strip()

    @staticmethod
    def _clean():
        return {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "SENTINEL"))}

    def environment(self, is_probed, **more):
        """Environment variables of a side."""
        environment = self._clean()
        environment.update(LANG="C.UTF-8", **more)
        if is_probed and self.route == "path":
            environment.update(PYTHONPATH=os.path.join(self.copy, "_inject"), SENTINEL_SPOOL=self.spool)
        return environment

    def witness(self):
        """What the probe says of itself in the spool: runs, activities, faults by type, and where they come from."""
        runs = activities = 0
        faults = {}
        for name in os.listdir(self.spool):
            try:
                with open(os.path.join(self.spool, name), encoding="utf-8", errors="replace") as file:
                    lines = file.read().split("\n")
            except OSError:
                continue
            runs += 1
            for line in lines:
                fields = line.split("\t")
                if fields[0] == "A":
                    activities += 1
                    if fields[2] == "probe.error":
                        kind = fields[10] if len(fields) > 10 else "?"
                        faults[kind] = faults.get(kind, 0) + 1
        told = ""
        if os.path.exists(self.faults):
            with open(self.faults, encoding="utf-8", errors="replace") as file:
                told = file.read()
            os.remove(self.faults)
        return {"runs": runs, "activities": activities, "faults": faults, "told": told}


def pythons():
    """Interpreters of this machine by minor version, such as {'3.11': path}."""
    found = {}
    root = os.path.join(os.path.expanduser("~"), ".pyenv", "versions")
    for name in sorted(os.listdir(root)) if os.path.isdir(root) else ():
        minor = ".".join(name.split(".")[:2])
        path = os.path.join(root, name, "bin", "python" + minor)
        if os.path.exists(path) and tuple(map(int, minor.split("."))) >= (3, 8):
            found[minor] = path
    from .. import pythons as unpacked

    for version in ("3.14", "3.15"):  # only where somebody had them unpacked already
        if version not in found and os.path.exists(os.path.join(unpacked.CACHE, version, "complete")):
            found[version] = unpacked.python(version)
    found.setdefault("%d.%d" % sys.version_info[:2], os.path.realpath(sys.executable))
    return found
