"""Distributions that a policy speaks of, before they are built or installed: real pip against an index on loopback."""

import io
import os
import shutil
import subprocess
import sys
import tarfile
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, HTTPServer

from .support import ProbeTestCase
from .test_policy import statement

SETUP = "open(%r, 'a').close()\nfrom setuptools import setup\nsetup(name=%r, version=%r, py_modules=[])\n"
STOPPED = statement("stop", "package.install", "block", ("sentinel.package.release", "string", "in", "", "colourama==0.4.9", "evil-source==1.0"))


def wheel(name, version, requires=()):
    """A wheel without code: file name and bytes."""
    base = "%s-%s" % (name.replace("-", "_"), version)
    metadata = "Metadata-Version: 2.1\nName: %s\nVersion: %s\n%s" % (name, version, "".join("Requires-Dist: %s\n" % each for each in requires))
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr(name.replace("-", "_") + ".py", "")
        archive.writestr(base + ".dist-info/METADATA", metadata)
        archive.writestr(base + ".dist-info/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(base + ".dist-info/RECORD", "")
    return base + "-py3-none-any.whl", data.getvalue()


def source(name, version, mark):
    """A source distribution whose setup.py leaves a mark: file name and bytes."""
    base = "%s-%s" % (name, version)
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w:gz") as archive:
        for path, text in (("setup.py", SETUP % (mark, name, version)), ("PKG-INFO", "Metadata-Version: 1.0\nName: %s\nVersion: %s\n" % (name, version))):
            member = tarfile.TarInfo(base + "/" + path)
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text.encode()))
    return base + ".tar.gz", data.getvalue()


class Index:
    """A package index (PEP 503) on loopback that keeps which files were asked for."""

    def __init__(self, files):
        self.files = dict(files)
        self.asked = []
        index = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                kind, _, rest = self.path.strip("/").partition("/")
                if kind == "simple":
                    names = [file for file in index.files if file.replace("_", "-").lower().startswith(rest.strip("/") + "-")]
                    body = "".join('<a href="/files/%s">%s</a>\n' % (name, name) for name in names).encode()
                    self.send_response(200 if names else 404)
                    self.send_header("Content-Type", "text/html")
                else:
                    if self.command == "GET":
                        index.asked.append(rest)
                    body = index.files[rest]
                    self.send_response(200)
                    self.send_header("Content-Type", "application/octet-stream")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if self.command == "GET":
                    self.wfile.write(body)

            def do_HEAD(self):
                self.do_GET()

            def log_message(self, *args):
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = "http://127.0.0.1:%d/simple/" % self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class PolicyInstallsTest(ProbeTestCase):
    def setUp(self):
        super().setUp()
        if subprocess.run([sys.executable, "-m", "pip", "--version"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode:
            self.skipTest("this Python has no pip")
        self.mark = os.path.join(self.folder, "executed")
        self.target = os.path.join(self.folder, "target")
        self.index = Index([wheel("colourama", "0.4.9"), wheel("colourama", "0.4.8"), wheel("good", "1.0"), wheel("needs-evil", "1.0", ["colourama"]), source("evil-source", "1.0", self.mark)])
        self.addCleanup(self.index.close)

    def policy(self, *statements, mode="enforce"):
        lines = ["V\t1", "P\tp\t1\t" + mode] + [line for each in statements for line in each]
        with open(os.path.join(self.folder, "policy"), "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")

    def pip(self, *arguments, verb="install"):
        place = ["--target", self.target] if verb == "install" else ["-d" if verb == "download" else "-w", self.target]
        return self.python(
            *["-m", "pip", verb, "--disable-pip-version-check", "--no-cache-dir", "--no-build-isolation", "--index-url", self.index.url, *place, *arguments],
            check=False,
            PIP_CONFIG_FILE=os.devnull,
        )

    def installed(self):
        return sorted(name for name in os.listdir(self.target) if name.endswith((".dist-info", ".whl"))) if os.path.isdir(self.target) else []

    def installs(self):
        return sorted(
            (each["sentinel.package.release"], each["sentinel.package.installer"], each["sentinel.package.source"], each["server.address"], each.get("sentinel.decision.disposition"), each.count)
            for run in self.runs()
            for each in run.of("package.install")
        )

    def test_without_a_policy_pip_installs_and_each_distribution_is_told(self):
        done = self.pip("needs-evil", "good")
        self.assertEqual((done.returncode, self.installed()), (0, ["colourama-0.4.9.dist-info", "good-1.0.dist-info", "needs_evil-1.0.dist-info"]), done.stderr)
        self.assertEqual(self.installs(), [(release, "pip", "index", "127.0.0.1", None, 1) for release in ("colourama==0.4.9", "good==1.0", "needs-evil==1.0")])

    def test_nothing_is_installed_when_what_was_asked_for_or_what_it_needs_is_refused(self):
        self.policy(STOPPED)
        for verb in ("install", "download", "wheel"):
            for asked in ("colourama", "needs-evil", "good"):
                with self.subTest(verb + " " + asked):
                    shutil.rmtree(self.target, ignore_errors=True)
                    done = self.pip("good", asked, verb=verb)
                    if asked == "good":
                        self.assertEqual((done.returncode, len(self.installed())), (0, 1), done.stderr)
                    else:
                        self.assertEqual((done.returncode, self.installed()), (1, []))
                        self.assertIn("ERROR: Stopped by company policy p/stop: Because of stop. (package.install colourama)", done.stderr.splitlines()[-1])
        self.assertEqual({(release, disposition) for release, _, _, _, disposition, _ in self.installs()}, {("colourama==0.4.9", "blocked"), ("good==1.0", None), ("needs-evil==1.0", None)})

    def test_a_version_that_no_statement_speaks_of_is_installed(self):
        self.policy(STOPPED)
        done = self.pip("colourama<0.4.9")
        self.assertEqual((done.returncode, self.installed()), (0, ["colourama-0.4.8.dist-info"]), done.stderr)

    def test_no_code_of_a_source_distribution_runs(self):
        self.policy(STOPPED)
        done = self.pip("evil-source")
        self.assertEqual((done.returncode, os.path.exists(self.mark), self.index.asked), (1, False, []))
        self.assertIn("Stopped by company policy p/stop", done.stderr)

    def test_a_file_and_an_address_are_no_way_round(self):
        self.policy(STOPPED)
        path = os.path.join(self.folder, "colourama-0.4.9-py3-none-any.whl")
        with open(path, "wb") as file:
            file.write(self.index.files["colourama-0.4.9-py3-none-any.whl"])
        for place in (path, self.index.url.replace("simple/", "files/colourama-0.4.9-py3-none-any.whl")):
            with self.subTest(place):
                done = self.pip(place)
                self.assertEqual((done.returncode, self.installed()), (1, []))
                self.assertIn("Stopped by company policy p/stop", done.stderr)

    def test_pip_that_a_script_starts_is_stopped_as_well(self):
        self.policy(STOPPED)
        text = "import os, subprocess, sys\ncommand = [sys.executable, '-m', 'pip', 'install', '--no-cache-dir', '--index-url', %r, '--target', %r, 'colourama']\n" % (self.index.url, self.target)
        for start in ("print(subprocess.run(command, stderr=subprocess.PIPE).returncode)\n", "print(os.system(' '.join(command) + ' 2>/dev/null') >> 8)\n"):
            with self.subTest(start):
                self.assertEqual((self.python(self.script(text + start)).stdout.splitlines()[-1], self.installed()), ("1", []))

    def test_monitor_mode_lets_pip_install(self):
        self.policy(STOPPED, mode="monitor")
        self.assertEqual((self.pip("colourama").returncode, self.installed()), (0, ["colourama-0.4.9.dist-info"]))
        self.assertEqual([each[4] for each in self.installs()], ["logged"])
