"""Every way to start Python is reached by each door of an installed probe, in an interpreter of its own made of links.

The doors: `sitecustomize` in the standard library folder (reaches every environment), and the `.pth` in the site-packages of base and environments.
What no door can reach: -S, and programs that embed Python with `site` switched off; the agent sees those from outside.
"""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import unittest
import zipapp

from .environments import environment
from .support import HERE, PACKAGE, Run

sys.path.insert(0, os.path.join(os.path.dirname(HERE), "bench"))
from bench_probe import make_prefix  # noqa: E402

INSTALLING = os.path.join(PACKAGE, "installing.py")
MARK = "open('route-mark', 'w').close()\n"
PYTEST = "pytest==8.3.5"
VIRTUALENV = "virtualenv==20.31.2"

EMBED = r"""
#include <Python.h>
int main(int argc, char **argv) {
    PyConfig config;
    if (argv[1][0] == 'i') PyConfig_InitIsolatedConfig(&config); else PyConfig_InitPythonConfig(&config);
    if (argv[1][1] == 'n') config.site_import = 0;
    wchar_t *name = Py_DecodeLocale(argv[2], NULL);
    PyConfig_SetString(&config, &config.executable, name);
    PyStatus status = Py_InitializeFromConfig(&config);
    if (PyStatus_Exception(status)) Py_ExitStatusException(status);
    int bad = PyRun_SimpleString("open('route-mark', 'w').close()\n");
    return bad || Py_FinalizeEx() < 0;
}
"""


def carry_out(steps):
    """Does what the agent does with the steps of `installing.plan`."""
    for step in steps:
        if step["text"] is None:
            if os.path.lexists(step["path"]):
                os.remove(step["path"])
        else:
            with open(step["path"], "w", encoding="utf-8") as file:
                file.write(step["text"])


def plan(executable, spool=None):
    command = [executable, "-I", "-S", "-B", INSTALLING, "plan", PACKAGE, *([spool] if spool else [])]
    return json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True, env={}).stdout.decode())


class RouteTestCase(unittest.TestCase):
    """One interpreter with the doors named in `DOORS`, and environments that it made."""

    DOORS = ()

    @classmethod
    def setUpClass(cls):
        if not cls.DOORS:
            raise unittest.SkipTest("only a base class")
        cls.root = os.path.realpath(tempfile.mkdtemp(prefix="sentinel-routes-"))
        cls.addClassCleanup(shutil.rmtree, cls.root, True)
        cls.spool = os.path.join(cls.root, "spool")
        cls.base = make_prefix(os.path.join(cls.root, "base"), False)
        for name, options in (("venv", []), ("system", ["--system-site-packages"])):
            cls.call([cls.base, "-m", "venv", "--without-pip", *options, os.path.join(cls.root, name)])
        cls.venv = os.path.join(cls.root, "venv", "bin", "python")
        cls.system = os.path.join(cls.root, "system", "bin", "python")
        for executable in (cls.base, cls.venv, cls.system):
            cls.install(executable)

    @classmethod
    def call(cls, command):
        subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env={"PATH": os.defpath})

    @classmethod
    def install(cls, executable):
        found = plan(executable, cls.spool)
        is_base = found["interpreter"]["isBase"]
        assert is_base == (executable == cls.base), found["interpreter"]
        door = {"stdlib": lambda path: "packages" not in path, "pth": lambda path: "packages" in path}
        steps = [step for step in found["install"] if any(door[name](step["path"]) for name in cls.DOORS)]
        if cls.DOORS == ("pth",):  # as where the first door cannot be made
            for step in steps:
                if step["path"].endswith(".pth"):
                    step["text"] = step["text"].replace(step["text"][len("import sys; ") : step["text"].index("exec(")], "")
        carry_out(steps)
        if "pth" in cls.DOORS:
            assert any(step["path"].endswith(".pth") for step in steps), found

    def setUp(self):
        self.folder = os.path.join(self.root, "work")
        shutil.rmtree(self.spool, True)
        shutil.rmtree(self.folder, True)
        os.mkdir(self.spool)
        os.mkdir(self.folder)

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def marks(self):
        """How many runs opened the mark."""
        runs = [Run(os.path.join(self.spool, name)) for name in sorted(os.listdir(self.spool))]
        return sum(1 for run in runs if [r for r in run.of("file.open") if r["file.path"].endswith("route-mark")])

    def reach(self, command, expected=1, input=None, **environment):
        """Runs a command; asserts how many runs that opened the mark it left."""
        for name in os.listdir(self.spool):
            os.remove(os.path.join(self.spool, name))
        with self.subTest(" ".join(command).replace(self.root, "")[:150], **environment):
            done = subprocess.run(command, cwd=self.folder, env=environment, input=(input or "").encode(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
            self.assertEqual((done.returncode, done.stderr.decode()), (0, ""), done.stdout)
            self.assertEqual(self.marks(), expected)


class Routes:
    """The situations; each door's class runs them all."""

    def test_the_ways_to_give_a_program(self):
        script = self.write("script.py", MARK)
        self.write("app/__main__.py", MARK)
        zipapp.create_archive(os.path.join(self.folder, "app"), os.path.join(self.folder, "app.pyz"))
        for python in (self.base, self.venv, self.system):
            self.reach([python, script])
            self.reach([python, "-c", MARK])
            self.reach([python, "-m", "script"])
            self.reach([python, "app.pyz"])
            self.reach([python, "app"])
            self.reach([python], input=MARK)
            for options in (["-I"], ["-E"], ["-s"], ["-O"], ["-OO"], ["-B"], ["-X", "utf8"], ["-P"] if sys.version_info >= (3, 11) else ["-q"]):
                self.reach([python, *options, script])
            self.reach([python, script], PYTHONNOUSERSITE="1", PYTHONDONTWRITEBYTECODE="1", PYTHONOPTIMIZE="1")

    def test_children(self):
        script = self.write("script.py", MARK)
        child = "import subprocess, sys, os\n"
        multi = "import multiprocessing, os\ndef work(): open('route-mark', 'w').close()\nif __name__ == '__main__':\n    c = multiprocessing.get_context(%r)\n    p = c.Process(target=work); p.start(); p.join(); assert not p.exitcode\n"
        for python in (self.base, self.venv):
            self.reach([python, "-c", child + "subprocess.run([sys.executable, %r], env={}, check=True)" % script])
            self.reach([python, "-c", child + "os.execve(sys.executable, [sys.executable, %r], {})" % script])
            self.reach([python, "-c", child + "subprocess.run([sys.executable, '-I', '-E', %r], env={}, check=True)" % script])
            self.reach([python, "-c", child + "p = os.fork()\nif not p:\n    open('route-mark', 'w').close(); os._exit(0)\nos.waitpid(p, 0)"])
            for method in ("fork", "spawn", "forkserver"):
                self.reach([python, self.write("multi.py", multi % method)])

    def test_pytest(self):
        self.write("test_it.py", "def test_it():\n    " + MARK)
        packages = sysconfig_packages(environment(PYTEST))
        for python in (self.base, self.venv):
            self.reach([python, "-m", "pytest", "-q", "-p", "no:cacheprovider"], PYTHONPATH=packages)

    def test_an_environment_made_by_virtualenv(self):
        tool = environment(VIRTUALENV)
        made = os.path.join(self.root, "virtualenv")
        if not os.path.exists(made):
            self.call([tool, "-m", "virtualenv", "-q", "--no-pip", "--no-setuptools", "-p", self.base, made])
            if "pth" in self.DOORS:
                self.install(os.path.join(made, "bin", "python"))
        for options in ([], ["-I"], ["-E"], ["-s"]):
            self.reach([os.path.join(made, "bin", "python"), *options, "-c", MARK])

    def test_sub_interpreters(self):
        if sys.version_info >= (3, 14):
            text = "from concurrent import interpreters\ni = interpreters.create()\ni.exec(%r)\ni.close()\n" % MARK
        elif sys.version_info >= (3, 13):
            text = "import _interpreters as x\ni = x.create()\ne = x.exec(i, %r)\nassert e is None, e\nx.destroy(i)\n" % MARK
        else:
            text = "import _xxsubinterpreters as x\ni = x.create()\nx.run_string(i, %r)\nx.destroy(i)\n" % MARK
        for python in (self.base, self.venv):
            self.reach([python, "-c", text])

    def test_another_sitecustomize_on_the_path(self):
        """It hides the one in the standard library: only the `.pth` reaches this, and the other one runs as before."""
        other = self.write("other/sitecustomize.py", "open('other-ran', 'w').close()\n")
        for python in (self.base, self.venv):
            self.reach([python, "-c", MARK], expected=1 if "pth" in self.DOORS else 0, PYTHONPATH=os.path.dirname(other))
            self.assertTrue(os.path.exists(os.path.join(self.folder, "other-ran")))
            os.remove(os.path.join(self.folder, "other-ran"))

    def test_a_sitecustomize_of_the_environment_runs_too(self):
        folder = plan(self.venv)["interpreter"]["sitePackages"][0]
        path = os.path.join(folder, "sitecustomize.py")
        with open(path, "w") as file:
            file.write("open('other-ran', 'w').close()\n")
        self.addCleanup(os.remove, path)
        self.reach([self.venv, "-c", MARK])
        self.assertTrue(os.path.exists(os.path.join(self.folder, "other-ran")))

    def test_embedded_in_a_c_program(self):
        program = embedded(self.root)
        library = os.path.join(os.path.dirname(os.path.dirname(self.base)), "lib")
        for kind in ("d", "i"):
            self.reach([program, kind, self.base], LD_LIBRARY_PATH=library)
        self.reach([program, "dn", self.base], expected=0, LD_LIBRARY_PATH=library)

    def test_without_site_nothing_is_reached(self):
        for python in (self.base, self.venv):
            self.reach([python, "-S", "-c", MARK], expected=0)

    def test_an_unwritable_interpreter_compiles_nothing_again(self):
        done = subprocess.run([self.base, "-I", "-S", "-B", INSTALLING, "compile", *self.written()], stderr=subprocess.PIPE)
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        text = (
            "import sys, os\nseen = []\n"
            "sys.addaudithook(lambda e, a: seen.append((e, str(a[1] if e == 'compile' else a[0]))) if e in ('compile', 'open') else None)\n"
            "import wave\nopen('route-mark', 'w').close()\nos.remove('route-mark')\n"
            "print([x for x in seen if x[0] == 'compile' and 'sentinel' in x[1]])"
        )
        for python in (self.base, self.venv):
            done = subprocess.run([python, "-B", "-v", "-c", text], cwd=self.folder, env={}, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            self.assertEqual(done.stdout, b"[]\n", done.stderr.decode()[-800:])
            of_ours = [line for line in done.stderr.decode().splitlines() if "code object from" in line and ("sitecustomize" in line or "_sentinel" in line)]
            self.assertTrue(of_ours and all(".pyc'" in line for line in of_ours), of_ours)

    def written(self):
        return [step["path"] for python in (self.base, self.venv, self.system) for step in plan(python)["install"] if step["text"] and step["path"].endswith(".py") and os.path.exists(step["path"])]

    def test_the_steps_to_remove_leave_nothing(self):
        before = {python: plan(python, self.spool) for python in (self.base, self.venv, self.system)}
        for found in before.values():
            carry_out(found["remove"])
        self.reach([self.base, "-c", MARK], expected=0)
        folders = [os.path.join(self.root, name) for name in ("base", "venv", "system")]
        left = [name for top in folders for folder, _, names in os.walk(top) for name in names if "sentinel" in name or name == "sitecustomize.py"]
        self.assertEqual(left, [])
        for python in before:
            self.install(python)
        self.reach([self.venv, "-c", MARK])


class StandardLibraryDoorTest(Routes, RouteTestCase):
    DOORS = ("stdlib",)


class PthDoorTest(Routes, RouteTestCase):
    DOORS = ("pth",)


class BothDoorsTest(Routes, RouteTestCase):
    DOORS = ("stdlib", "pth")


class SeamTest(unittest.TestCase):
    """A `sitecustomize.py` of the distribution's gets a block at its end, and gets rid of it again."""

    def test_the_block_starts_the_probe_after_the_others_and_leaves_no_trace(self):
        root = os.path.realpath(tempfile.mkdtemp(prefix="sentinel-seam-"))
        self.addCleanup(shutil.rmtree, root, True)
        base = make_prefix(os.path.join(root, "base"), False)
        stdlib = plan(base)["interpreter"]["stdlib"]
        path = os.path.join(stdlib, "sitecustomize.py")
        etc = os.path.join(root, "etc")
        os.mkdir(etc)
        for theirs in ("print('theirs')\n", "print('theirs')", ""):
            with self.subTest(theirs):
                with open(os.path.join(etc, "sitecustomize.py"), "w") as file:
                    file.write(theirs)
                if not os.path.islink(path):
                    os.symlink(os.path.join(etc, "sitecustomize.py"), path)  # as Debian does
                spool = tempfile.mkdtemp(dir=root)
                carry_out(plan(base, spool)["install"])
                carry_out(plan(base, spool)["install"])  # twice is once
                done = subprocess.run([base, "-c", "import sys; print([n for n in sys.modules if 'sentinel' in n])"], env={}, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
                self.assertEqual((done.stdout, done.stderr), (b"theirs\n[]\n" if theirs else b"[]\n", b""))
                self.assertEqual(len(os.listdir(spool)), 1)
                carry_out(plan(base)["remove"])
                with open(path) as file:
                    self.assertEqual(file.read().rstrip("\n"), theirs.rstrip("\n"))
                self.assertEqual([name for _, _, names in os.walk(root) for name in names if "sentinel" in name], [])


def sysconfig_packages(python):
    return subprocess.run([python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], stdout=subprocess.PIPE, check=True).stdout.decode().strip()


def embedded(folder):
    """Path of a C program that embeds Python, compiled once."""
    path = os.path.join(folder, "embedded")
    if os.path.exists(path):
        return path
    compiler = shutil.which("gcc") or shutil.which("cc")
    include = sysconfig.get_path("include")
    if compiler is None or not os.path.exists(os.path.join(include, "Python.h")):
        raise unittest.SkipTest("no C compiler or no headers")
    with open(path + ".c", "w") as file:
        file.write(EMBED)
    libdir = sysconfig.get_config_var("LIBDIR")
    if not os.path.isdir(libdir) or libdir.startswith("/usr/lib") and not sys.base_prefix == "/usr":
        libdir = os.path.join(sys.base_prefix, "lib", "x86_64-linux-gnu")
    name = sysconfig.get_config_var("LDVERSION")
    library = os.path.join(libdir, "libpython%s.so" % name)
    config = os.path.join(sysconfig.get_config_var("LIBPL") or "", "libpython%s.a" % name)
    if os.path.exists(library):
        link = ["-L" + libdir, "-lpython" + name, "-Wl,-rpath," + libdir]
    elif os.path.exists(config):
        link = [config, "-Wl,-export-dynamic", *sysconfig.get_config_var("LIBS").split(), *sysconfig.get_config_var("SYSLIBS").split()]
    elif os.path.exists(os.path.join(libdir, "libpython%s.a" % name)):
        link = [os.path.join(libdir, "libpython%s.a" % name), "-Wl,-export-dynamic", *sysconfig.get_config_var("LIBS").split(), *sysconfig.get_config_var("SYSLIBS").split()]
    else:
        raise unittest.SkipTest("no library to link with")
    done = subprocess.run([compiler, "-I" + include, path + ".c", "-o", path, *link], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode:
        raise unittest.SkipTest("cannot link: " + done.stdout.decode()[-300:])
    return path


if __name__ == "__main__":
    unittest.main()
