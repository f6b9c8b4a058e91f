"""Every client of HTTP, and other protocols, with the real packages: requests and bytes as the server counted them.

Each client talks to paths that begin with its own segment (made of the scenario's name), so that one process runs many of them.
"""

import json
import os
import shutil
import subprocess
import sys
import unittest
import urllib.request
import zlib

from ..environments import environment
from ..support import ProbeTestCase
from .databases import IS_LONG, python_of

HERE = os.path.dirname(os.path.abspath(__file__))
PACKAGES = (
    *("requests==2.34.2", "httpx[http2]==0.28.1", "httpx2==2.16.2", "aiohttp==3.14.5", "urllib3==2.8.0", "websockets==17.4", "gevent==26.9.0", "uvloop==0.23.0"),
    *("pyOpenSSL==26.4.0", "pycurl==7.49.0", "hypercorn==0.18.0", "grpcio==1.85.1", "paramiko==5.1.0", "flask==3.1.3", "uvicorn==0.54.0"),
)
CURL = ("curl_cffi==0.16.3",)
#: The oldest releases that the sensors claim, on the oldest Python.
OLDEST = (
    *("requests==2.25.1", "httpx==0.23.0", "aiohttp==3.8.6", "urllib3==1.26.5", "uvloop==0.17.0", "pyOpenSSL==22.0.0", "cryptography==36.0.2"),
    *("gevent==21.12.0", "grpcio==1.49.1", "websockets==10.0"),
)
OLDEST_PYCURL = ("pycurl==7.45.3",)
OLDEST_CURL = ("curl_cffi==0.7.0",)

HEAD = """
import os, ssl, sys, zlib
HTTP, HTTPS, CA = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
P, S = "http://localhost:%d/" % HTTP, "https://localhost:%d/" % HTTPS
BODY = b"hunter2" * 8000
context = ssl.create_default_context(cafile=CA)
def v(word): return "v%d" % (zlib.crc32(word.encode()) % 10**8)
def thrice(word, get, post, base):
    word = v(word)
    for i in range(3): get(base + word + "/things/%d?key=hunter2" % i)
    post(base + word + "/upload", BODY)
"""

#: Scenario: its first path segment, each made 3 times GET and once POST.
SCRIPTS = {
    "standard": (
        """
import http.client, urllib.request, socket, asyncio
thrice("urllib", lambda u: urllib.request.urlopen(u).read(), lambda u, b: urllib.request.urlopen(u, b).read(), P)
opener = urllib.request.build_opener(urllib.request.HTTPSHandler(context=context))
thrice("urllibs", lambda u: opener.open(u).read(), lambda u, b: opener.open(u, b).read(), S)
def client(c):
    def ask(method):
        def do(url, body=None):
            c.request(method, "/" + url.split("/", 3)[3], body); c.getresponse().read()
        return do
    return ask("GET"), ask("POST")
thrice("client", *client(http.client.HTTPConnection("localhost", HTTP)), P)
thrice("clients", *client(http.client.HTTPSConnection("localhost", HTTPS, context=context)), S)
def raw(s):
    def do(url, body=b""):
        method = b"POST" if body else b"GET"
        s.sendall(method + b" /" + url.split("/", 3)[3].encode() + b" HTTP/1.1\\r\\nHost: localhost\\r\\nContent-Length: %d\\r\\n\\r\\n" % len(body)); s.sendall(body)
        data = b""
        while not data.endswith(b"hello world "): data += s.recv(4096)
    return do, do
s = socket.create_connection(("localhost", HTTP)); thrice("raw", *raw(s), P); s.close()
s = context.wrap_socket(socket.create_connection(("localhost", HTTPS)), server_hostname="localhost"); thrice("raws", *raw(s), S); s.close()
async def streams(word, port, **more):
    r, w = await asyncio.open_connection("localhost", port, **more)
    for method, path, body in [(b"GET", "/%s/things/%d" % (v(word), i), b"") for i in range(3)] + [(b"POST", "/%s/upload" % v(word), BODY)]:
        w.write(method + b" " + path.encode() + b" HTTP/1.1\\r\\nHost: localhost\\r\\nContent-Length: %d\\r\\n\\r\\n" % len(body)); w.write(body); await w.drain()
        await r.readuntil(b"\\r\\n\\r\\n"); await r.readexactly(1200)
    w.close(); await w.wait_closed()
asyncio.run(streams("stream", HTTP)); asyncio.run(streams("streams", HTTPS, ssl=context))
""",
        "urllib urllibs client clients raw raws stream streams",
    ),
    "threads": (
        """
import http.client, threading
start = threading.Barrier(24)
def one(number):
    start.wait()
    for i in range(3): ask("GET", number, "things/%d" % i)
    ask("POST", number, "upload", BODY)
def ask(method, number, path, body=None):
    c = http.client.HTTPConnection("localhost", HTTP); c.request(method, "/" + v("thread%d" % number) + "/" + path, body); c.getresponse().read(); c.close()
threads = [threading.Thread(target=one, args=(number,)) for number in range(24)]
for each in threads: each.start()
for each in threads: each.join()
""",
        " ".join(["thread%d" % number for number in range(24)]),
    ),
    "sync": (
        """
import requests, httpx, urllib3
try: import httpx2
except ImportError: httpx2 = httpx
s = requests.Session(); s.verify = CA
thrice("requests", lambda u: s.get(u), lambda u, b: s.post(u, data=b), P)
thrice("requestss", lambda u: s.get(u), lambda u, b: s.post(u, data=b), S)
for name, module in (("httpx", httpx), ("httpx-2", httpx2)):
    with module.Client(verify=context) as c:
        thrice(name, c.get, lambda u, b: c.post(u, content=b), P)
        thrice(name + "s", c.get, lambda u, b: c.post(u, content=b), S)
        thrice(name + "c", c.get, lambda u, b: c.post(u, content=iter([b[:30000], b[30000:]])), P)
m = urllib3.PoolManager(ca_certs=CA)
thrice("pool", lambda u: m.request("GET", u), lambda u, b: m.request("POST", u, body=b), P)
thrice("pools", lambda u: m.request("GET", u), lambda u, b: m.request("POST", u, body=b), S)
with httpx.Client(verify=context, http2=httpx2 is not httpx) as c: thrice("httpxh", c.get, lambda u, b: c.post(u, content=b), S)
""",
        "requests requestss httpx httpxs httpxc httpx-2 httpx-2s httpx-2c pool pools httpxh",
    ),
    "async": (
        """
import aiohttp, asyncio, httpx
try: import httpx2
except ImportError: httpx2 = httpx
async def main(suffix):
    for name, module in (("ahttpx", httpx), ("ahttpx-2", httpx2)):
        async with module.AsyncClient(verify=context) as c:
            for base, more in ((P, ""), (S, "s")):
                for i in range(3): await c.get(base + v(name + suffix + more) + "/things/%d?key=hunter2" % i)
                await c.post(base + v(name + suffix + more) + "/upload", content=BODY)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=context)) as c:
        for base, more in ((P, ""), (S, "s")):
            for i in range(3):
                async with c.get(base + v("aio" + suffix + more) + "/things/%d?key=hunter2" % i) as r: await r.read()
            async with c.post(base + v("aio" + suffix + more) + "/upload", data=BODY) as r: await r.read()
asyncio.run(main(""))
""",
        "ahttpx ahttpxs ahttpx-2 ahttpx-2s aio aios",
    ),
    "gevent": (
        """
from gevent import monkey; monkey.patch_all()
import requests, gevent, urllib.request
s = requests.Session(); s.verify = CA
thrice("green", lambda u: s.get(u), lambda u, b: s.post(u, data=b), P)
thrice("greens", lambda u: s.get(u), lambda u, b: s.post(u, data=b), S)
gevent.joinall([gevent.spawn(thrice, "greenlet", lambda u: urllib.request.urlopen(u).read(), lambda u, b: urllib.request.urlopen(u, b).read(), P)])
""",
        "green greens greenlet",
    ),
    "gevent alone": (
        """
import gevent, gevent.socket, gevent.ssl
def raw(s):
    def do(url, body=b""):
        s.sendall((b"POST" if body else b"GET") + b" /" + url.split("/", 3)[3].encode() + b" HTTP/1.1\\r\\nHost: " + url.split("/")[2].encode() + b"\\r\\nContent-Length: %d\\r\\n\\r\\n" % len(body)); s.sendall(body)
        data = b""
        while not data.endswith(b"hello world "): data += s.recv(4096)
    return do, do
s = gevent.socket.create_connection(("localhost", HTTP)); thrice("leaf", *raw(s), P); s.close()
c = gevent.ssl.SSLContext(gevent.ssl.PROTOCOL_TLS_CLIENT); c.load_verify_locations(CA)
s = c.wrap_socket(gevent.socket.create_connection(("localhost", HTTPS)), server_hostname="localhost"); thrice("leafs", *raw(s), S); s.close()
""",
        "leaf leafs",
    ),
    "uvloop": (
        """
import aiohttp, asyncio, httpx, uvloop
async def streams(word, port, **more):
    r, w = await asyncio.open_connection("localhost", port, **more)
    for method, path, body in [(b"GET", "/%s/things/%d" % (v(word), i), b"") for i in range(3)] + [(b"POST", "/%s/upload" % v(word), BODY)]:
        w.write(method + b" " + path.encode() + b" HTTP/1.1\\r\\nHost: localhost\\r\\nContent-Length: %d\\r\\n\\r\\n" % len(body)); w.write(body); await w.drain()
        await r.readuntil(b"\\r\\n\\r\\n"); await r.readexactly(1200)
    w.close(); await w.wait_closed()
async def main():
    await streams("uv", HTTP); await streams("uvs", HTTPS, ssl=context)
    async with httpx.AsyncClient(verify=context) as c:
        for base, name in ((P, "uvx"), (S, "uvxs")):
            for i in range(3): await c.get(base + v(name) + "/things/%d" % i)
            await c.post(base + v(name) + "/upload", content=BODY)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=context)) as c:
        for base, name in ((P, "uva"), (S, "uvas")):
            for i in range(3):
                async with c.get(base + v(name) + "/things/%d" % i) as r: await r.read()
            async with c.post(base + v(name) + "/upload", data=BODY) as r: await r.read()
if hasattr(uvloop, "run"): uvloop.run(main())
else: uvloop.install(); asyncio.run(main())
""",
        "uv uvs uvx uvxs uva uvas",
    ),
    "openssl": (
        """
import socket, urllib3
from OpenSSL import SSL
o = SSL.Context(SSL.TLS_CLIENT_METHOD); o.load_verify_locations(CA)
s = SSL.Connection(o, socket.create_connection(("localhost", HTTPS))); s.set_tlsext_host_name(b"localhost"); s.set_connect_state(); s.do_handshake()
def do(url, body=b""):
    s.sendall((b"POST" if body else b"GET") + b" /" + url.split("/", 3)[3].encode() + b" HTTP/1.1\\r\\nHost: " + url.split("/")[2].encode() + b"\\r\\nContent-Length: %d\\r\\n\\r\\n" % len(body))
    if body: s.sendall(body)
    data = b""
    while not data.endswith(b"hello world "): data += s.recv(4096)
thrice("open", do, do, S); s.shutdown(); s.close()
import urllib3.contrib.pyopenssl
urllib3.contrib.pyopenssl.inject_into_urllib3()
m = urllib3.PoolManager(ca_certs=CA)
thrice("opens", lambda u: m.request("GET", u), lambda u, b: m.request("POST", u, body=b), S)
""",
        "open opens",
    ),
    "pycurl": (
        """
import io, pycurl
def do(url, body=None):
    out = io.BytesIO(); c = pycurl.Curl(); c.setopt(c.URL, url); c.setopt(c.CAINFO, CA); c.setopt(c.WRITEDATA, out)
    if body: c.setopt(c.POSTFIELDS, body)
    c.perform(); c.close(); assert out.getvalue().endswith(b"hello world ")
thrice("curl", do, do, P); thrice("curls", do, do, S)
""",
        "curl curls",
    ),
    "curl_cffi": (
        """
import asyncio
from curl_cffi import requests
s = requests.Session(verify=CA, http_version=requests.session.CurlHttpVersion.V1_1 if hasattr(requests.session, "CurlHttpVersion") else None)
thrice("cffi", lambda u: s.get(u), lambda u, b: s.post(u, data=b), P); thrice("cffis", lambda u: s.get(u), lambda u, b: s.post(u, data=b), S)
async def main():
    async with requests.AsyncSession(verify=CA) as a:
        for base, name in ((P, "acffi"), (S, "acffis")):
            for i in range(3): await a.get(base + v(name) + "/things/%d?key=hunter2" % i)
            await a.post(base + v(name) + "/upload", data=BODY)
asyncio.run(main())
""",
        "cffi cffis acffi acffis",
    ),
}


class ClientTest(ProbeTestCase):
    @classmethod
    def setUpClass(cls):
        try:
            base = sys.executable if sys.version_info >= (3, 10) else python_of("3.11")
            cls.newest = environment(*PACKAGES, python=base)
            cls.curl = environment(*CURL, python=base)
        except RuntimeError as error:
            raise unittest.SkipTest("packages cannot be had: %s" % str(error)[-300:]) from None
        if not shutil.which("openssl"):
            raise unittest.SkipTest("no openssl")

    def certificate(self):
        key, certificate = os.path.join(self.folder, "k.pem"), os.path.join(self.folder, "c.pem")
        command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
        subprocess.run(command + ["-keyout", key, "-out", certificate], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return certificate, key

    def serve(self):
        self.ca, key = self.certificate()
        server = subprocess.Popen([sys.executable, "-I", os.path.join(HERE, "http_server.py"), self.ca, key], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

        def stop():
            server.stdin.close()
            server.wait(20)
            server.stdout.close()

        self.addCleanup(stop)
        return [int(port) for port in server.stdout.readline().split()]

    def talk(self, python, text, *arguments, head=HEAD):
        """Runs the script under the probe; gives its run."""
        for name in os.listdir(self.spool):
            os.remove(os.path.join(self.spool, name))
        command = [python, self.script(head + text), *map(str, arguments)]
        done = subprocess.run(command, env=self.environment(), cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True, timeout=120)
        self.assertEqual(done.returncode, 0, done.stderr)
        runs = sorted(self.runs(), key=lambda run: -len(run.activities))
        for run in runs:
            self.assertEqual(run.of("probe.error"), [])
            self.assertNotIn(b"hunter2", run.data)
        return runs[0]

    def check(self, name, python=None, has_sizes=True):
        ports = self.serve()
        text, words = SCRIPTS[name]
        run = self.talk(python or self.newest, text, *ports, self.ca)
        with urllib.request.urlopen("http://127.0.0.1:%d/truth" % ports[0]) as answer:
            truth = json.load(answer)
        wanted, seen = {}, {}
        for word in words.split():
            segment = "v%d" % (zlib.crc32(word.encode()) % 10**8)
            scheme = "https" if word.endswith("s") and word != "requests" or word in ("httpxh", "open", "opens") else "http"
            port = str(ports[1] if scheme == "https" else ports[0])
            wanted[word] = [[("GET", scheme, "localhost", port, "200", 3, 0), ("POST", scheme, "localhost", port, "200", 1, 0)], truth[segment][0]]
            records = [r for r in run.of("http.request") if r["url.template"].split("/")[1] == segment]
            shapes = [(r["http.request.method"], r["url.scheme"], r["server.address"], r["server.port"], r.get("http.response.status_code"), r.count, r.errors) for r in records]
            seen[word] = [shapes, sum(r.count for r in records)]
            with self.subTest(word):
                if not has_sizes:
                    self.assertEqual(sum([r.bytes_in for r in records]), truth[segment][2])
                    continue
                self.assertEqual([sum(r.bytes_out for r in records), sum(r.bytes_in for r in records)], truth[segment][1:], "bytes")
        self.assertEqual(seen, wanted)
        return run, ports

    @unittest.skipUnless(IS_LONG, "SENTINEL_TEST_LONG is not set")
    def test_oldest_releases(self):
        python = python_of("3.8")
        for requirements, names in ((OLDEST, ("sync", "async", "gevent", "gevent alone", "uvloop", "openssl")), (OLDEST_PYCURL, ("pycurl",)), (OLDEST_CURL, ("curl_cffi",))):
            environment_ = environment(*requirements, python=python)
            for name in names:
                with self.subTest(name):
                    self.check(name, environment_, has_sizes=name != "curl_cffi")  # its libcurl forgot how large requests are

    def test_standard_library(self):
        run, ports = self.check("standard", sys.executable)
        connects = {(r["server.address"], r["server.port"]): r for r in run.of("net.connect")}
        self.assertEqual(sorted(connects), sorted([("localhost", str(port)) for port in ports]))

    def test_synchronous_packages(self):
        self.check("sync")

    def test_asyncio_packages(self):
        self.check("async")

    def test_gevent(self):
        self.check("gevent")

    def test_gevent_without_patching(self):
        self.check("gevent alone")

    def test_uvloop(self):
        self.check("uvloop")

    def test_pyopenssl(self):
        self.check("openssl")

    def test_pycurl(self):
        self.check("pycurl")

    def test_curl_cffi(self):
        self.check("curl_cffi", self.curl)

    def test_threads_that_start_at_once(self):
        """What one thread counts while another is inside the probe is not lost."""
        self.check("threads", sys.executable)
