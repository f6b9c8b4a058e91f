"""Every way to act that the standard library has, under a policy that stops it: nothing happens, once asked for is once refused, and the person
at the keyboard reads why in the last lines. The clients that are packages are in tests/packages/test_policy_clients.py."""

import os
import socket
import threading

from .support import ProbeTestCase

FILE = ("file.open", "file.path", "endsWith", "target.txt")
CHANGE = ("file.change", "file.path", "endsWith", "target.txt")
TOOL = ("process.spawn", "process.executable.name", "in", "touch")
PEER = ("net.connect", "server.address", "in", "127.0.0.1")
HTTP = ("http.request", "server.address", "in", "127.0.0.1")
QUERY = ("db.query", "db.operation.name", "in", "INSERT")

#: Title to what the policy stops, and code that acts. TOUCH makes the file `made`; PORT is a listener that counts its connections.
CASES = {
    "open": (FILE, "open('target.txt')"),
    "open to write": (FILE, "open('target.txt', 'w')"),
    "io.open": (FILE, "import io\nio.open('target.txt', 'a')"),
    "os.open": (FILE, "import os\nos.open('target.txt', os.O_WRONLY | os.O_TRUNC)"),
    "io.FileIO": (FILE, "import io\nio.FileIO('target.txt', 'w')"),
    "pathlib": (FILE, "import pathlib\npathlib.Path('target.txt').write_text('y')"),
    "shutil.copy": (FILE, "import shutil\nshutil.copy('other.txt', 'target.txt')"),
    "csv": (FILE, "import csv\ncsv.writer(open('target.txt', 'w')).writerow([1])"),
    "zipfile": (FILE, "import zipfile\nzipfile.ZipFile('target.txt', 'w')"),
    "os.remove": (CHANGE, "import os\nos.remove('target.txt')"),
    "pathlib unlink": (CHANGE, "import pathlib\npathlib.Path('target.txt').unlink()"),
    "os.rename": (CHANGE, "import os\nos.rename('target.txt', 'gone.txt')"),
    "os.replace": (CHANGE, "import os\nos.replace('target.txt', 'gone.txt')"),
    "os.truncate": (CHANGE, "import os\nos.truncate('target.txt', 0)"),
    "subprocess.run": (TOOL, "import subprocess\nsubprocess.run(['touch', 'made'])"),
    "subprocess with a shell": (TOOL, "import subprocess\nsubprocess.run('touch made', shell=True)"),
    "os.system": (TOOL, "import os\nos.system('touch made')"),
    "os.execvp": (TOOL, "import os\nos.execvp('touch', ['touch', 'made'])"),
    "os.posix_spawn": (TOOL, "import os, shutil\nos.posix_spawn(shutil.which('touch'), ['touch', 'made'], os.environ)"),
    "pty.spawn": (TOOL, "import pty\npty.spawn(['touch', 'made'])"),
    "asyncio program": (TOOL, "import asyncio\nasync def main(): await asyncio.create_subprocess_exec('touch', 'made')\nasyncio.run(main())"),
    "socket.connect": (PEER, "import socket\nsocket.socket().connect(('127.0.0.1', PORT))"),
    "socket.create_connection": (PEER, "import socket\nsocket.create_connection(('127.0.0.1', PORT))"),
    "asyncio streams": (PEER, "import asyncio\nasync def main(): await asyncio.open_connection('127.0.0.1', PORT)\nasyncio.run(main())"),
    "ftplib": (PEER, "import ftplib\nftplib.FTP().connect('127.0.0.1', PORT)"),
    "smtplib": (PEER, "import smtplib\nsmtplib.SMTP('127.0.0.1', PORT)"),
    "imaplib": (PEER, "import imaplib\nimaplib.IMAP4('127.0.0.1', PORT)"),
    "urllib, at the connection": (PEER, "import urllib.request\nurllib.request.urlopen('http://127.0.0.1:%d/x' % PORT)"),
    "http.client": (HTTP, "import http.client\nc = http.client.HTTPConnection('127.0.0.1', PORT)\nc.request('POST', '/x', b'body')"),
    "urllib, at the request": (HTTP, "import urllib.request\nurllib.request.urlopen('http://127.0.0.1:%d/x' % PORT, b'body')"),
    "xmlrpc": (HTTP, "import xmlrpc.client\nxmlrpc.client.ServerProxy('http://127.0.0.1:%d/' % PORT).act()"),
    "getaddrinfo": (("dns.resolve", "dns.question.name", "in", "example.invalid"), "import socket\nsocket.getaddrinfo('example.invalid', 80)"),
    "listen": (("net.listen", "network.local.port", "in", "PORT2"), "import socket\ns = socket.socket()\ns.bind(('127.0.0.1', PORT2))\ns.listen()"),
    "import": (("module.import", "sentinel.module.name", "in", "target_module"), "import target_module"),
    "importlib.import_module": (("module.import", "sentinel.module.name", "in", "target_module"), "import importlib\nimportlib.import_module('target_module')"),
    "sqlite3.connect": (("db.connect", "db.namespace", "endsWith", "made"), "import sqlite3\nsqlite3.connect('made').execute('create table t (a)')"),
    "sqlite3 execute": (QUERY, "import sqlite3\nb = sqlite3.connect('base'); b.execute('create table t (a)'); b.execute('insert into t values (1)'); b.commit()"),
    "sqlite3 executemany": (QUERY, "import sqlite3\nb = sqlite3.connect('base'); b.execute('create table t (a)'); b.executemany('insert into t values (?)', [(1,)])"),
    "ctypes": (("code.load", "sentinel.code.kind", "in", "native_library"), "import ctypes\nctypes.CDLL('libm.so.6').abs"),
    "pickle": (("code.load", "sentinel.code.kind", "in", "pickle"), "import pickle\npickle.loads(b'cos\\nsystem\\n(S\"touch made\"\\ntR.')"),
    "exec of a text": (("code.load", "sentinel.code.kind", "in", "code_object"), "exec(compile('open(\"made\", \"w\")', '<text>', 'exec'))"),
}
#: What tries again by itself, at any error of the system's: a file that must not be truncated is opened in another way.
ATTEMPTS = {"zipfile": 2}
#: What a case runs in.
PLACES = {
    "at the top": "{code}\n",
    "in a thread of a pool": "import concurrent.futures as c\ndef act():\n{indented}\nwith c.ThreadPoolExecutor() as p: p.submit(act).result()\n",
    "in a coroutine": "import asyncio\nasync def act():\n{indented}\nasyncio.run(act())\n",
}


class Listener:
    """A listener on loopback that counts bytes and connections."""

    def __init__(self):
        self.socket = socket.socket()
        self.socket.bind(("127.0.0.1", 0))
        self.socket.listen(50)
        self.port = self.socket.getsockname()[1]
        self.connections = 0
        self.data = b""
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                connection = self.socket.accept()[0]
            except OSError:
                return
            self.connections += 1
            with connection:
                connection.settimeout(5)
                try:
                    while True:
                        got = connection.recv(65536)
                        if not got:
                            break
                        self.data += got
                except OSError:
                    pass


class BlockingMatrixTest(ProbeTestCase):
    def setUp(self):
        super().setUp()
        for name, text in (("target.txt", "x"), ("other.txt", "z"), ("target_module.py", "open('made', 'w').close()\n")):
            with open(os.path.join(self.folder, name), "w") as file:
                file.write(text)
        self.listener = Listener()
        self.addCleanup(self.listener.socket.close)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.free = free.getsockname()[1]

    def policy(self, stopped, effect, mode="enforce"):
        type_, fact, operator, value = stopped
        is_number = value == "PORT2"
        test = ["T", fact, "int" if is_number else "string", "eq" if is_number else operator, "", str(self.free) if is_number else value]
        lines = ["V\t1", "P\tp\t1\t" + mode, "\t".join(("S", "stop", type_, effect, "high", "c", "0", "Because of stop.")), "W", "\t".join(test)]
        with open(os.path.join(self.folder, "policy"), "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")

    def script_of(self, code, place):
        code = code.replace("PORT2", str(self.free)).replace("PORT", str(self.listener.port))
        return PLACES[place].format(code=code, indented="\n".join("    " + line for line in code.split("\n")))

    def untouched(self):
        with open(os.path.join(self.folder, "target.txt")) as file:
            text = file.read()
        rows = None
        base = os.path.join(self.folder, "base")
        if os.path.exists(base):
            import sqlite3

            connection = sqlite3.connect(base)
            rows = connection.execute("select count(*) from t").fetchone()[0]
            connection.close()
            os.remove(base)
        made = os.path.exists(os.path.join(self.folder, "made"))
        if made:
            os.remove(os.path.join(self.folder, "made"))
        return text, made, os.path.exists(os.path.join(self.folder, "gone.txt")), rows or 0

    def attempt(self, title, place, effect):
        stopped, code = CASES[title]
        self.policy(stopped, effect)
        for name in os.listdir(self.spool):
            os.remove(os.path.join(self.spool, name))
        self.listener.data = b""
        self.listener.connections = 0
        done = self.python(self.script(self.script_of(code, place)), check=False)
        return stopped[0], done

    def test_a_block_stops_every_one_before_it_acts_in_one_attempt_and_says_why(self):
        for title in CASES:
            for place in PLACES:
                if place == "in a coroutine" and "asyncio.run" in CASES[title][1]:
                    continue
                with self.subTest(title + " " + place):
                    type_, done = self.attempt(title, place, "block")
                    self.assertEqual((done.returncode, self.untouched()), (1, ("x", False, False, 0)), done.stderr)
                    self.assertIn("Stopped by company policy p/stop: Because of stop.", "".join(done.stderr.splitlines()[-3:]))
                    self.assertNotIn(b"body", self.listener.data)
                    if type_ == "net.connect":
                        self.assertEqual(self.listener.connections, 0)
                    found = [r for run in self.runs() for r in run.of(type_) if r.get("sentinel.decision.disposition") == "blocked"]
                    self.assertEqual([(r["sentinel.decision.effect"], r.count) for r in found], [("block", ATTEMPTS.get(title, 1))])

    def test_an_approval_that_does_not_come_refuses_as_a_block_does(self):
        for title in CASES:
            with self.subTest(title):
                _, done = self.attempt(title, "at the top", "approve")
                self.assertEqual((done.returncode, self.untouched()), (1, ("x", False, False, 0)), done.stderr)
                self.assertIn("An approval has been asked for.", "".join(done.stderr.splitlines()[-3:]))

    def test_a_kill_ends_the_run_before_it_acts(self):
        for title in CASES:
            with self.subTest(title):
                _, done = self.attempt(title, "at the top", "kill")
                self.assertEqual((done.returncode, self.untouched()), (137, ("x", False, False, 0)), done.stderr)

    def test_a_warning_lets_every_one_act_and_says_so_once(self):
        for title in ("open", "os.remove", "subprocess.run", "socket.connect", "import", "sqlite3.connect", "sqlite3 execute", "getaddrinfo"):
            with self.subTest(title):
                with open(os.path.join(self.folder, "target.txt"), "w") as file:
                    file.write("x")
                _, done = self.attempt(title, "at the top", "warn")
                self.assertEqual(done.stderr.count("Sentinel: Because of stop. (policy p/stop)\n"), 1)
                self.assertNotIn("Stopped by company policy", done.stderr)
