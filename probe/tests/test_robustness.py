"""A script whose world breaks behaves as it would without the probe: same output, same exit code, no word of ours.

Every case runs bare and probed (through PYTHONPATH and installed in an interpreter prefix). What the record then holds is not asked here.
"""

import os
import re
import shutil
import subprocess
import sys
import unittest

from .support import INJECT, ProbeTestCase
from .test_host_safety import make_prefix

WORK = """
import os, socket, sqlite3, subprocess, sys, tempfile, threading
for number in range(3):
    with open("file%d" % number, "w") as file:
        file.write("x")
    with open("file%d" % number) as file:
        print(file.read())
    os.remove("file%d" % number)
try:
    socket.create_connection(("127.0.0.1", 9), 1)
except OSError as error:
    print(type(error).__name__)
connection = sqlite3.connect(":memory:")
print(connection.execute("select 1").fetchall())
connection.close()
print(subprocess.run(["echo", "child"], stdout=subprocess.PIPE).stdout.decode())
thread = threading.Thread(target=print, args=("thread",))
thread.start()
thread.join()
"""

DESCRIPTORS = """
import resource
import os, socket
resource.setrlimit(resource.RLIMIT_NOFILE, (%d, %d))
for number in range(5):
    try:
        with open("f%%d" %% number, "w") as file:
            file.write("x")
        print("opened")
    except OSError as error:
        print(error)
    try:
        socket.socket().connect(("127.0.0.1", 9))
    except OSError as error:
        print(error)
    try:
        print(os.path.exists("f%%d" %% number), os.listdir(".")[:0])
    except OSError as error:
        print(error)
    try:
        os.remove("f%%d" %% number)
    except OSError as error:
        print(error)
    try:
        print(os.pipe())
    except OSError as error:
        print(error)
"""

RECURSION = """
import sys, os, copy
def descend(depth, act):
    if depth:
        return descend(depth - 1, act)
    return act()
def act():
    with open("deep", "w") as file:
        file.write("x")
    os.remove("deep")
    return "done"
for limit in (40, 60, 100, 200):
    sys.setrecursionlimit(limit)
    outcomes = []
    for depth in range(0, limit, 3):
        try:
            outcomes.append(descend(depth, act))
        except RecursionError:
            outcomes.append("too deep")
            break
    sys.setrecursionlimit(1000)
    print(limit, outcomes[0], outcomes[-1], len(outcomes))
"""

CLOSERANGE = """
import os, sys, socket, subprocess
open("before", "w").close()
os.closerange(3, 256)
open("after", "w").close()
print(os.open("one", os.O_RDWR | os.O_CREAT), os.open("two", os.O_RDWR | os.O_CREAT))
os.closerange(3, 256)
try:
    socket.create_connection(("127.0.0.1", 9))
except OSError as error:
    print(error)
print(subprocess.run(["true"], close_fds=True).returncode)
os.closerange(0, 3)
open("silent", "w").close()
os._exit(4)
"""

FORKS = """
import os, sys
sys.stdout.flush()
for number in range(%d):
    pid = os.fork()
    if not pid:
        os._exit(number & 1)
    assert os.waitpid(pid, 0)[1] >> 8 == number & 1
print("done")
"""

MEMORY = """
import resource, os
open("before", "w").close()
resource.setrlimit(resource.RLIMIT_AS, (600 << 20, 600 << 20))
hoard = []
try:
    while True:
        hoard.append(bytearray(8 << 20))
except MemoryError:
    print("MemoryError")
small = []
for size in (1 << 20, 1 << 16, 4096):
    try:
        while True:
            small.append(bytearray(size))
    except MemoryError:
        pass
for number in range(50):
    try:
        open("full%d" % number, "w").close()
    except (MemoryError, OSError):
        pass
del hoard, small
open("after", "w").close()
print(os.path.exists("after"))
"""

FINALISING = """
import os, sys, threading, time, atexit, weakref, socket, sqlite3
class Late:
    def __del__(self, open=open, remove=os.remove):
        open("late", "w").close()
        remove("late")
late = Late()
sys.modules["keeps"] = Late()
connection = sqlite3.connect("late.sqlite")
class Database:
    def __del__(self, connection=connection):
        connection.execute("create table if not exists t(a)")
        connection.close()
database = Database()
def busy():
    while True:
        with open("busy", "w") as file:
            file.write("x")
for number in range(4):
    threading.Thread(target=busy, daemon=True).start()
sock = socket.socket()
sock.connect_ex(("127.0.0.1", 9))
weakref.finalize(late, open, "finalised", "w")
atexit.register(lambda: open("atexit", "w").close())
time.sleep(0.1)
print("end")
"""

IMPORTS_BROKEN = """
import sys, os, builtins
os.open = os.write = os.close = os.stat = os.getcwd = os.fsdecode = os.path.abspath = None
builtins.len = builtins.str = builtins.isinstance = None
sys.meta_path.append(None)
open("f", "w").close()
os.remove("f")
print("done")
os._exit(0)
"""

# Research 3.9: what a hostile script tries against the probe. Here only that it behaves as without the probe.
HOSTILE = {
    "clear_modules": "import sys, os\nfor name in list(sys.modules):\n    if name not in ('sys', 'builtins', '__main__'): del sys.modules[name]\nopen('a', 'w').close()\nimport socket, subprocess\nprint(subprocess.run(['true']).returncode)\n",
    "reload_socket": "import socket, importlib\nsocket.socket().connect_ex(('127.0.0.1', 9))\nold = socket.socket\nimportlib.reload(socket)\nprint(old is socket.socket, socket.socket().connect_ex(('127.0.0.1', 9)) != 0)\n",
    "reload_everything": "import importlib, sys, socket, ssl, sqlite3, subprocess, os, io\nfor module in (socket, ssl, sqlite3, subprocess, os, io):\n    importlib.reload(module)\nprint(sqlite3.connect(':memory:').execute('select 1').fetchone(), subprocess.run(['true']).returncode, socket.socket().connect_ex(('127.0.0.1', 9)) != 0)\n",
    "restore_leaf_methods": "import socket, _socket\nsocket.socket().connect_ex(('127.0.0.1', 9))\nfor name in ('send', 'sendall', 'recv', 'recv_into'):\n    setattr(socket.socket, name, getattr(_socket.socket, name))\na, b = socket.socketpair()\na.sendall(b'x'); print(b.recv(1))\n",
    "unwrap": "import socket\nsocket.socket().connect_ex(('127.0.0.1', 9))\nprint(socket.getaddrinfo('127.0.0.1', 80)[0][4])\n",
    "meta_path": "import sys\nsys.meta_path[:] = [finder for finder in sys.meta_path if isinstance(finder, type)]\nimport json, csv, sqlite3\nprint(json.dumps([1]), sqlite3.connect(':memory:').execute('select 2').fetchone())\n",
    "meta_path_empty": "import sys, json\nsys.meta_path.clear()\ntry:\n    import colorsys\nexcept ImportError as error:\n    print(error)\n",
    "os_exit_replaced": "import os\nos._exit = lambda status: print('mine', status)\nos._exit(3)\nimport posix\nposix._exit(5)\n",
    "direct_io": "import _io, posix, _socket\n_io.open('a', 'w').close()\nfd = posix.open('b', posix.O_WRONLY | posix.O_CREAT)\nposix.write(fd, b'x'); posix.close(fd)\ns = _socket.socket()\nprint(s.connect_ex(('127.0.0.1', 9)) != 0)\ns.close()\n",
    "gc_search": "import gc\nfound = [o for o in gc.get_objects() if type(o).__name__ == 'function' and o.__name__ == 'no_such_hook']\nprint(found, type(gc.get_referrers(found)).__name__)\nopen('a', 'w').close()\n",
    "own_hook_raises": "import sys\ndef hook(event, args):\n    if event == 'open' and str(args[0]).endswith('forbidden'): raise PermissionError('no')\nsys.addaudithook(hook)\nopen('fine', 'w').close()\ntry: open('forbidden', 'w')\nexcept PermissionError as error: print(error)\n",
    "spool_removed": "import os, shutil\nopen('a', 'w').close()\nspool = os.environ.get('SENTINEL_SPOOL')\nif spool: shutil.rmtree(spool)\nopen('b', 'w').close()\nprint('done')\n",
    "spool_truncated": "import os, glob\nopen('a', 'w').close()\nfor name in glob.glob(os.environ.get('SENTINEL_SPOOL', 'none') + '/*'): os.truncate(name, 0)\nopen('b', 'w').close()\nprint('done')\n",
    "spool_is_a_folder": "import os, glob\nopen('a', 'w').close()\nfor name in glob.glob(os.environ.get('SENTINEL_SPOOL', 'none') + '/*'): os.remove(name); os.mkdir(name)\nopen('b', 'w').close()\nprint('done')\n",
    "spool_is_a_pipe": "import os, glob\nopen('a', 'w').close()\nfor name in glob.glob(os.environ.get('SENTINEL_SPOOL', 'none') + '/*'): os.remove(name); os.mkfifo(name)\nfor n in range(3): open('b%d' % n, 'w').close()\nprint('done')\n",
    "ctypes_poke": "import ctypes\nprint(ctypes.CDLL(None).getpid() > 0)\nopen('a', 'w').close()\n",
    "child_without_site": "import subprocess, sys\nprint(subprocess.run([sys.executable, '-S', '-c', 'print(1)'], stdout=subprocess.PIPE).stdout)\nprint(subprocess.run([sys.executable, '-I', '-S', '-c', 'print(2)'], stdout=subprocess.PIPE, env={}).stdout)\n",
    "exec_without_site": "import os, sys\nsys.stdout.flush()\nos.execv(sys.executable, [sys.executable, '-S', '-c', 'print(3)'])\n",
    "sub_interpreter": "try:\n    import _xxsubinterpreters as interpreters\nexcept ImportError:\n    try:\n        import _interpreters as interpreters\n    except ImportError:\n        raise SystemExit\none = interpreters.create()\ninterpreters.run_string(one, \"open('sub', 'w').close()\\nprint('sub', flush=True)\")\ninterpreters.destroy(one)\nprint('main')\n",
    "patched_builtins": "import builtins\nreal = builtins.open\nbuiltins.open = lambda *a, **k: real(*a, **k)\nbuiltins.__import__ = lambda *a, _real=builtins.__import__, **k: _real(*a, **k)\nopen('a', 'w').close()\nimport csv, sqlite3\nprint(sqlite3.connect(':memory:').execute('select 3').fetchone())\n",
    "time_travel": "import time\ntime.monotonic = time.time = time.time_ns = lambda: 0\nfor n in range(5): open('t%d' % n, 'w').close()\nprint('done')\n",
    "sentinel_attributes": "import sys\nfor name in [n for n in dir(sys) if 'sentinel' in n]: delattr(sys, name)\nopen('a', 'w').close()\nprint('done')\n",
    "atexit_cleared": "import atexit\natexit._clear()\nopen('a', 'w').close()\nprint('done')\n",
    "closed_standard": "import os\nopen('a', 'w').close()\nos.close(1); os.close(2)\nopen('b', 'w').close()\nos.remove('a')\n",
}


class RobustnessTest(ProbeTestCase):
    def setUp(self):
        super().setUp()
        self.bare = make_prefix(os.path.join(self.folder, "bare"), False)
        self.probed = make_prefix(os.path.join(self.folder, "prob"), True)

    def run_route(self, text, route, options=(), spool=None, **more):
        work = os.path.join(self.folder, "work")
        shutil.rmtree(work, ignore_errors=True)
        os.mkdir(work)
        path = self.script(text)
        environment = self.environment(PYTHONPATH=INJECT if route == "path" else None, SENTINEL_SPOOL=None if route == "bare" else spool or self.spool)
        environment.update(PYTHONHASHSEED="0", PYTHONDONTWRITEBYTECODE="1", **more)
        executable = self.probed if route == "installed" else self.bare
        done = subprocess.run([executable, *options, path], cwd=work, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=100)
        texts = []
        for output in (done.stdout, done.stderr):
            text = output.decode("utf-8", "backslashreplace").replace(self.folder + "/prob/", self.folder + "/bare/")
            text = re.sub(r"0x[0-9a-fA-F]{6,}", "0x", text)
            texts.append(re.sub(r'  File "<sentinel [^\n]*\n', "", text) if sys.version_info < (3, 11) else text)
        return (done.returncode, *texts)

    def same(self, text, options=(), name="", routes=("path", "installed"), **more):
        """Holds that a script comes out the same without the probe and with it."""
        bare = self.run_route(text, "bare", options)
        for route in routes:
            shutil.rmtree(self.spool, ignore_errors=True)
            os.mkdir(self.spool)
            with self.subTest(route=route, case=name):
                self.assertEqual(self.run_route(text, route, options, **more), bare)
        return bare

    def test_descriptor_limits(self):
        for limit in (3, 4, 5, 6):
            self.same(DESCRIPTORS % (limit, limit), name=str(limit))

    def test_a_spool_folder_that_is_missing_or_read_only_or_no_folder(self):
        for kind, spool in (("missing", "/no/such/folder"), ("a file", sys.executable), ("read-only", "/proc"), ("relative", "no-such"), ("odd", "\udcff"), ("long", "x" * 5000)):
            self.same(WORK, name=kind, spool=spool)

    @unittest.skipUnless(hasattr(os, "getuid") and os.getuid() == 0, "needs root")
    def test_a_folder_without_rights(self):
        os.chmod(self.folder, 0o755)
        os.chmod(self.spool, 0)
        step_down = "import os\nos.setgid(65534); os.setuid(65534)\nfor n in range(3):\n    try:\n        open('x%d' % n, 'w')\n    except OSError as error:\n        print(error)\nprint(open('/etc/hostname').read() != 1)\n"
        self.same(step_down, name="no rights")
        os.chmod(self.spool, 0o755)

    @unittest.skipUnless(sys.platform == "linux" and hasattr(os, "getuid") and os.getuid() == 0, "needs root")
    def test_a_full_disk(self):
        small = os.path.join(self.folder, "small")
        os.mkdir(small)
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8k,nr_inodes=20", "none", small], stderr=subprocess.DEVNULL).returncode:
            self.skipTest("no mount here")
        try:
            many = WORK + "for n in range(300):\n    open('m%d' % n, 'w').close()\nprint('done')\n"
            self.same(many, name="fills up while it runs", spool=small)
            try:
                with open(os.path.join(small, "fill"), "wb") as file:
                    file.write(bytes(20000))
            except OSError:
                pass
            self.same(many, name="full from the start", spool=small)
            for number in range(30):
                try:
                    open(os.path.join(small, "node%d" % number), "w").close()
                except OSError:
                    break
            self.same(many, name="no nodes left", spool=small)
        finally:
            subprocess.run(["umount", small], check=True)

    def test_a_low_recursion_limit(self):
        bare = self.run_route(RECURSION, "bare")
        for route in ("path", "installed"):
            with self.subTest(route=route):
                done = self.run_route(RECURSION, route)
                self.assertEqual((done[0], done[2]), (bare[0], bare[2]))
                for mine, its in zip(done[1].split("\n"), bare[1].split("\n")):
                    self.assertEqual(mine, its)

    def test_warnings_are_errors(self):
        for options in (["-W", "error"], ["-W", "error", "-b", "-b"], ["-X", "dev", "-W", "error"], ["-W", "error", "-O"], ["-W", "error", "-OO"]):
            self.same(WORK + "import os\npid = os.fork()\nif not pid: os._exit(0)\nprint(os.waitpid(pid, 0)[1])\n", options, name=" ".join(options))

    def test_all_descriptors_closed(self):
        self.same(CLOSERANGE)

    def test_memory_runs_out(self):
        self.same(MEMORY)

    def test_an_interpreter_that_finalises(self):
        for _ in range(3):
            self.same(FINALISING)

    def test_forks(self):
        count = 10000 if os.environ.get("SENTINEL_TEST_LONG") == "1" else 300
        self.same(FORKS % count, routes=("installed",))
        self.assertLess(len(os.listdir(self.spool)), 2 + count // 100)

    def test_foundations_that_the_script_broke(self):
        self.same(IMPORTS_BROKEN)

    def test_hostile_scripts(self):
        for name, text in HOSTILE.items():
            self.same(text, name=name)


if __name__ == "__main__":
    unittest.main()
