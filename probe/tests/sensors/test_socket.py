"""Connections and HTTP."""

import os
import shutil
import subprocess
import unittest

from ..support import ProbeTestCase

SERVER = """
import http.server, ssl, sys, threading
class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    def do_GET(self):
        n = int(self.headers.get('Content-Length') or 0)
        self.rfile.read(n)
        body = b'hello' * 100
        self.send_response(404 if 'missing' in self.path else 200)
        self.send_header('Content-Length', str(len(body))); self.end_headers(); self.wfile.write(body)
    do_POST = do_GET
    def log_message(self, *a): pass
server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
if len(sys.argv) > 1:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER); context.load_cert_chain(sys.argv[1], sys.argv[2])
    server.socket = context.wrap_socket(server.socket, server_side=True)
print(server.server_port, flush=True)
threading.Thread(target=lambda: (sys.stdin.read(), server.shutdown()), daemon=True).start()
server.serve_forever()
"""


class NetworkTest(ProbeTestCase):
    def serve(self, *arguments):
        import sys

        server = subprocess.Popen([sys.executable, "-I", self.script(SERVER, "server.py"), *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

        def stop():
            server.stdin.close()
            server.wait(20)
            server.stdout.close()

        self.addCleanup(stop)
        return int(server.stdout.readline())

    def certificate(self):
        if not shutil.which("openssl"):
            raise unittest.SkipTest("no openssl")
        key, certificate = os.path.join(self.folder, "k.pem"), os.path.join(self.folder, "c.pem")
        command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
        subprocess.run(command + ["-keyout", key, "-out", certificate], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return certificate, key

    def requests(self, run):
        return [
            (
                r["server.address"],
                r["http.request.method"],
                r["url.scheme"],
                r.get("url.template"),
                r.get("http.response.status_code"),
                r.count,
                r.errors,
            )
            for r in run.of("http.request")
        ]

    def test_http_client_and_urllib(self):
        port = self.serve()
        run = self.observe(
            "import http.client, urllib.request, urllib.error\nc = http.client.HTTPConnection('localhost', %d)\n"
            "for i in range(20): c.request('GET', '/users/%%d/orders?token=hunter2' %% i, headers={'Authorization': 'hunter2'}); c.getresponse().read()\n"
            "c.request('POST', '/upload', body=b'hunter2' * 10000); c.getresponse().read(); c.close()\n"
            "try: urllib.request.urlopen('http://127.0.0.1:%d/missing')\nexcept urllib.error.HTTPError: pass\n" % (port, port)
        )
        self.assertEqual(
            self.requests(run),
            [
                ("localhost", "GET", "http", "/users/{n}/orders", "200", 20, 0),
                ("localhost", "POST", "http", "/upload", "200", 1, 0),
                ("127.0.0.1", "GET", "http", "/missing", "404", 1, 1),
            ],
        )
        self.assertGreater(run.of("http.request")[1].bytes_out, 70_000)
        self.assertGreater(run.of("http.request")[0].bytes_in, 20 * 500)
        connects = {r["server.address"]: r for r in run.of("net.connect")}
        self.assertEqual((connects["localhost"].count, connects["127.0.0.1"].count), (1, 1))
        self.assertEqual(connects["localhost"]["server.port"], str(port))
        self.assertGreater(connects["localhost"].bytes_out, 70_000)
        self.assertNotIn(b"hunter2", run.data)

    def test_tls_clients(self):
        certificate, key = self.certificate()
        port = self.serve(certificate, key)
        run = self.observe(
            "import http.client, ssl, asyncio\ncontext = ssl.create_default_context(cafile=%r)\n"
            "c = http.client.HTTPSConnection('localhost', %d, context=context)\n"
            "for i in range(3): c.request('GET', '/plain?key=hunter2'); c.getresponse().read()\n"
            "c.close()\n"
            "async def main():\n"
            "    r, w = await asyncio.open_connection('localhost', %d, ssl=context)\n"
            "    w.write(b'GET /async HTTP/1.1\\r\\nHost: localhost:%d\\r\\nConnection: close\\r\\n\\r\\n')\n"
            "    data = await r.read(); assert data.endswith(b'hello'); w.close()\n"
            "asyncio.run(main())\n" % (certificate, port, port, port)
        )
        self.assertEqual(
            self.requests(run), [("localhost", "GET", "https", "/plain", "200", 3, 0), ("localhost", "GET", "https", "/async", "200", 1, 0)]
        )
        self.assertEqual([r["server.port"] for r in run.of("http.request")], [str(port)] * 2)
        (connect,) = run.of("net.connect")
        self.assertEqual(connect.count, 2)
        self.assertGreater(connect.bytes_in, 4 * 500)

    def test_asyncio_plain_raw_sockets_and_failures(self):
        port = self.serve()
        run = self.observe(
            "import asyncio, socket\n"
            "async def main():\n"
            "    r, w = await asyncio.open_connection('127.0.0.1', %d)\n"
            "    w.write(b'GET /a HTTP/1.1\\r\\nHost: x.example\\r\\nConnection: close\\r\\n\\r\\n'); await r.read(); w.close()\n"
            "asyncio.run(main())\n"
            "s = socket.create_connection(('127.0.0.1', %d)); s.sendall(b'HEAD'); s.close()\n"
            "try: socket.create_connection(('127.0.0.1', 1))\nexcept OSError: pass\n"
            "u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); u.sendto(b'12345', ('127.0.0.1', 9)); u.close()\n"
            "l = socket.socket(); l.bind(('127.0.0.1', 0)); p = l.getsockname()[1]; l.close()\n"
            "l = socket.socket(); l.bind(('127.0.0.1', p)); l.listen(); l.close()\n" % (port, port)
        )
        self.assertEqual([r[:4] for r in self.requests(run)], [("x.example", "GET", "http", "/a")])
        connects = {(r["network.transport"], r["server.port"]): r for r in run.of("net.connect")}
        self.assertEqual((connects["tcp", str(port)].count, connects["tcp", "1"].errors, connects["udp", "9"].bytes_out), (2, 1, 5))
        self.assertEqual(len(run.of("net.listen")), 1)
