"""HTTP/2, gRPC, WebSockets, servers, mail, files, SSH, names and MCP, with the real packages."""

import sys
import unittest

from . import test_clients, test_models

HTTP2 = """
import asyncio, httpx
from hypercorn.asyncio import serve
from hypercorn.config import Config
async def app(scope, receive, send):
    if scope["type"] != "http": return
    size = 0
    while True:
        message = await receive(); size += len(message.get("body", b""))
        if not message.get("more_body"): break
    await send({"type": "http.response.start", "status": 404 if "missing" in scope["path"] else 200, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": b"x" * 5000})
config = Config(); config.certfile, config.keyfile, config.bind, config.accesslog, config.errorlog = CA, sys.argv[4], ["127.0.0.1:%d" % HTTP], None, None
async def main():
    stop = asyncio.Event(); server = asyncio.create_task(serve(app, config, shutdown_trigger=stop.wait)); await asyncio.sleep(0.5)
    async with httpx.AsyncClient(verify=context, http2=True) as c:
        base = "https://localhost:%d" % HTTP
        got = await asyncio.gather(*[c.get(base + "/users/%d?key=hunter2" % i) for i in range(20)])
        assert {r.http_version for r in got} == {"HTTP/2"}
        assert (await c.post(base + "/upload", content=BODY * 3)).status_code == 200
        assert (await c.get(base + "/missing")).status_code == 404
    def sync():
        with httpx.Client(verify=context, http2=True) as c:
            for i in range(10): c.get(base + "/orders/%d" % i)
    await asyncio.to_thread(sync)
    stop.set(); await server
asyncio.run(main())
"""

GRPC = """
import grpc, asyncio
from concurrent import futures
def echo(request, context): return request * 2
def many(request, context):
    for i in range(3): yield request
def fail(request, context): context.abort(grpc.StatusCode.NOT_FOUND, "no")
handlers = {"FindItem": grpc.unary_unary_rpc_method_handler(echo), "List": grpc.unary_stream_rpc_method_handler(many), "Fail": grpc.unary_unary_rpc_method_handler(fail)}
server = grpc.server(futures.ThreadPoolExecutor(4)); server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("shop.v1.Stock", handlers),))
port = server.add_insecure_port("127.0.0.1:0"); server.start()
with grpc.insecure_channel("localhost:%d" % port) as c:
    find = c.unary_unary("/shop.v1.Stock/FindItem")
    for i in range(5): assert find(b"hunter2") == b"hunter2hunter2"
    assert len(list(c.unary_stream("/shop.v1.Stock/List")(b"x"))) == 3
    try: c.unary_unary("/shop.v1.Stock/Fail")(b"x")
    except grpc.RpcError as error: assert error.code() == grpc.StatusCode.NOT_FOUND
async def main():
    async with grpc.aio.insecure_channel("dns:///localhost:%d" % port) as c:
        assert await c.unary_unary("/shop.v1.Stock/FindItem")(b"x") == b"xx"
asyncio.run(main())
server.stop(None); print(port)
"""

WEBSOCKETS = """
import asyncio, os, threading, websockets, websockets.sync.client, websockets.sync.server
def echo(ws):
    for message in ws: ws.send(message)
with websockets.sync.server.serve(echo, "127.0.0.1", 0) as server:
    port = server.socket.getsockname()[1]
    threading.Thread(target=server.serve_forever).start()
    with websockets.sync.client.connect("ws://localhost:%d/chat" % port) as ws:
        for i in range(50): ws.send(os.urandom(1000)); assert len(ws.recv()) == 1000
    async def main():
        async with websockets.connect("ws://localhost:%d/feed" % port) as ws:
            for i in range(50): await ws.send(os.urandom(1000)); assert len(await ws.recv()) == 1000
    asyncio.run(main())
    server.shutdown()
print(port)
"""

SERVERS = """
import asyncio, http.server, socketserver, threading, socket, urllib.request, logging
logging.disable(50)
def ask(port, path, body=None):
    try: return urllib.request.urlopen("http://127.0.0.1:%d%s" % (port, path), body).read()
    except urllib.error.HTTPError as error: return error.read()
class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_POST(self): self.rfile.read(int(self.headers["Content-Length"])); self.do_GET()
    def do_GET(self):
        self.send_response(404 if "missing" in self.path else 200); self.send_header("Content-Length", "5"); self.end_headers(); self.wfile.write(b"hello")
    def log_message(self, *a): pass
s = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler); threading.Thread(target=s.serve_forever, daemon=True).start()
for i in range(4): ask(s.server_port, "/orders/%d?key=hunter2" % i)
ask(s.server_port, "/upload", b"hunter2" * 5000); ask(s.server_port, "/missing"); s.shutdown()
class Line(socketserver.StreamRequestHandler):
    def handle(self): self.wfile.write(self.rfile.readline())
t = socketserver.TCPServer(("127.0.0.1", 0), Line); threading.Thread(target=t.serve_forever, daemon=True).start()
for i in range(3):
    c = socket.create_connection(t.server_address); c.sendall(b"hello\\n"); assert c.recv(10) == b"hello\\n"; c.close()
t.shutdown()
async def main():
    async def handle(r, w): await r.readuntil(b"\\r\\n\\r\\n"); w.write(b"HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nok"); await w.drain(); w.close()
    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    for i in range(2): await asyncio.to_thread(ask, port, "/status")
    server.close()
    return port
a = asyncio.run(main())
import flask, werkzeug.serving
app = flask.Flask("x")
@app.route("/users/<name>")
def user(name): return "hi"
f = werkzeug.serving.make_server("127.0.0.1", 0, app, threaded=True); threading.Thread(target=f.serve_forever, daemon=True).start()
for i in range(3): ask(f.server_port, "/users/anna")
f.shutdown()
import uvicorn
async def asgi(scope, receive, send):
    while (await receive()).get("more_body"): pass
    await send({"type": "http.response.start", "status": 201, "headers": [(b"content-length", b"2")]}); await send({"type": "http.response.body", "body": b"ok"})
ports = []
for loop in ("asyncio", "uvloop"):
    u = uvicorn.Server(uvicorn.Config(asgi, port=0, loop=loop, log_level="critical", lifespan="off")); th = threading.Thread(target=u.run, daemon=True); th.start()
    import time
    while not u.started: time.sleep(0.02)
    port = u.servers[0].sockets[0].getsockname()[1]
    for i in range(3): ask(port, "/jobs/%d" % i, b"x" * 3000)
    u.should_exit = True; th.join(); ports.append(port)
print(s.server_port, t.server_address[1], a, f.server_port, *ports)
"""

OTHERS = """
import ftplib, imaplib, smtplib, socket, threading, time, socketserver
class Talk(socketserver.StreamRequestHandler):
    answers = {}
    greeting = b""
    def handle(self):
        self.wfile.write(self.greeting)
        for line in self.rfile:
            word = line.strip().upper()
            if word == b"DATA":
                self.wfile.write(b"354 go\\r\\n")
                while self.rfile.readline().strip() != b".": pass
                self.wfile.write(b"250 ok\\r\\n"); continue
            if self.greeting.startswith(b"* OK"):
                tag, word = word.split()[:2]
                self.wfile.write((b"* CAPABILITY IMAP4REV1\\r\\n" if word == b"CAPABILITY" else b"* BYE\\r\\n" if word == b"LOGOUT" else b"") + tag + b" OK done\\r\\n")
                if word == b"LOGOUT": return
                continue
            self.wfile.write({b"QUIT": b"221 bye\\r\\n", b"USER": b"331 pw\\r\\n", b"PASS": b"230 in\\r\\n", b"PWD": b'257 "/"\\r\\n', b"EHLO": b"250 ok\\r\\n"}.get(word[:4].strip(), b"250 ok\\r\\n"))
            if word == b"QUIT": return
def server(greeting):
    s = socketserver.ThreadingTCPServer(("127.0.0.1", 0), type("T", (Talk,), {"greeting": greeting})); s.daemon_threads = True
    threading.Thread(target=s.serve_forever, daemon=True).start(); return s.server_address[1]
smtp, ftp, imap = server(b"220 mail\\r\\n"), server(b"220 ftp\\r\\n"), server(b"* OK imap\\r\\n")
m = smtplib.SMTP("localhost", smtp); m.sendmail("jo@example.org", ["an@example.org"], "Subject: x\\r\\n\\r\\n" + "hunter2 " * 1000); m.quit()
f = ftplib.FTP(); f.connect("localhost", ftp); f.login("jo", "hunter2"); f.pwd(); f.quit()
i = imaplib.IMAP4("localhost", imap); i.login("jo", "hunter2"); i.logout()
import paramiko
class Server(paramiko.ServerInterface):
    def check_auth_password(self, user, password): return paramiko.AUTH_SUCCESSFUL
    def check_channel_request(self, kind, number): return paramiko.OPEN_SUCCEEDED
    def check_channel_exec_request(self, channel, command): threading.Thread(target=lambda: (time.sleep(0.3), channel.send(b"z" * 20000), channel.send_exit_status(0), channel.close())).start(); return True
    def get_allowed_auths(self, user): return "password"
l = socket.socket(); l.bind(("127.0.0.1", 0)); l.listen(); ssh = l.getsockname()[1]
def serve():
    t = paramiko.Transport(l.accept()[0]); t.add_server_key(paramiko.RSAKey.generate(2048)); t.start_server(server=Server())
threading.Thread(target=serve, daemon=True).start()
c = paramiko.SSHClient(); c.set_missing_host_key_policy(paramiko.AutoAddPolicy()); c.connect("localhost", ssh, "jo", "hunter2", look_for_keys=False, allow_agent=False)
assert len(c.exec_command("ls hunter2")[1].read()) == 20000
c.close()
for name in ("nowhere.invalid", "nowhere.invalid"):
    try: socket.getaddrinfo(name, 80)
    except OSError: pass
try: socket.gethostbyname("nobody.invalid")
except OSError: pass
u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); u.connect(("127.0.0.1", 9)); u.send(b"12345"); u.sendto(b"123", ("127.0.0.1", 10)) if False else None; u.close()
print(smtp, ftp, imap, ssh)
"""

MCP = """
import asyncio, sys
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client
async def main():
    async with stdio_client(StdioServerParameters(command=sys.executable, args=[sys.argv[1]])) as (r, w):
        async with ClientSession(r, w) as s:
            await s.initialize(); await s.list_tools()
            for i in range(3): await s.call_tool("add", {"a": 1, "b": i})
            try: await s.call_tool("fail", {"secret": "hunter2"})
            except Exception: pass
asyncio.run(main())
"""

MCP_SERVER = """
try:
    from mcp.server.fastmcp import FastMCP as Server
except ImportError:
    from mcp.server import MCPServer as Server
s = Server("sums")
@s.tool()
def add(a: int, b: int) -> int: return a + b
@s.tool()
def fail(secret: str) -> int: raise ValueError("no")
s.run()
"""

MCP_WIRE = """
import http.client, http.server, json, threading
class H(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"])); self.send_response(200); self.send_header("Content-Length", "2"); self.end_headers(); self.wfile.write(b"{}")
    def log_message(self, *a): pass
s = http.server.HTTPServer(("127.0.0.1", 0), H); threading.Thread(target=s.serve_forever, daemon=True).start()
c = http.client.HTTPConnection("127.0.0.1", s.server_port)
heads = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
for asked in ({"method": "initialize", "params": {"clientInfo": {}}}, {"method": "tools/call", "params": {"name": "delete_file", "arguments": {"path": "hunter2"}}}, {"method": "notifications/initialized"}):
    c.request("POST", "/mcp", json.dumps({"jsonrpc": "2.0", "id": 1, **asked}), heads); c.getresponse().read()
c.close(); s.shutdown()
"""


class ProtocolTest(test_clients.ClientTest):
    def requests(self, run, type_="http.request"):
        return sorted([(r["http.request.method"], r["url.scheme"], r["url.template"], r.get("http.response.status_code"), r.count, r.errors) for r in run.of(type_)])

    def port(self):
        import socket

        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            return s.getsockname()[1]

    def test_http2(self):
        certificate, key = self.certificate()
        run = self.talk(self.newest, HTTP2, self.port(), 0, certificate, key)
        wanted = [
            ("GET", "https", "/missing", "404", 1, 1),
            ("GET", "https", "/orders/{n}", "200", 10, 0),
            ("GET", "https", "/users/{n}", "200", 20, 0),
            ("POST", "https", "/upload", "200", 1, 0),
        ]
        self.assertEqual(self.requests(run), wanted)
        self.assertEqual(self.requests(run, "http.serve"), wanted)
        upload = [r for r in run.of("http.request") if r["http.request.method"] == "POST"][0]
        self.assertTrue(168_000 < upload.bytes_out < 169_500, upload.bytes_out)
        self.assertTrue(5_000 < upload.bytes_in < 5_500, upload.bytes_in)
        self.assertEqual({r["server.address"] for r in run.of("http.request")}, {"localhost"})

    def test_grpc(self):
        self.check_grpc(self.newest)

    @unittest.skipUnless(test_clients.IS_LONG, "SENTINEL_TEST_LONG is not set")
    def test_the_oldest_grpc(self):
        self.check_grpc(test_clients.environment(*test_clients.OLDEST, python=test_clients.python_of("3.8")))

    def check_grpc(self, python):
        run = self.talk(python, GRPC, 0, 0, "", head="import sys\n")
        calls = {r["url.template"]: (r["sentinel.network.library"], r.count, r.errors) for r in run.of("http.request")}
        self.assertEqual(calls, {"/shop.v1.Stock/FindItem": ("grpc", 6, 0), "/shop.v1.Stock/List": ("grpc", 1, 0), "/shop.v1.Stock/Fail": ("grpc", 1, 1)})
        (connect,) = [r for r in run.of("net.connect") if r.get("sentinel.network.library") == "grpc"]
        self.assertEqual((connect["server.address"], connect.count), ("localhost", 2))
        self.assertIn(connect["server.port"], {r["network.local.port"] for r in run.of("net.listen")})

    def test_websockets(self):
        run = self.talk(self.newest, WEBSOCKETS, 0, 0, "", head="import sys\n")
        self.assertEqual([r[2:4] for r in self.requests(run)], [("/chat", "101"), ("/feed", "101")])
        self.assertEqual([r[2:4] for r in self.requests(run, "http.serve")], [("/chat", "101"), ("/feed", "101")])
        (connect,) = run.of("net.connect")
        (accept,) = run.of("net.accept")
        self.assertEqual((connect.count, accept.count, connect.bytes_out, connect.bytes_in), (2, 2, accept.bytes_in, accept.bytes_out))
        self.assertGreater(connect.bytes_out, 100_000)

    def test_servers(self):
        run = self.talk(self.newest, SERVERS, 0, 0, "", head="import sys\n")
        served = {(r["url.template"], r["http.response.status_code"], r.count, r.errors) for r in run.of("http.serve")}
        wanted = {("/orders/{n}", "200", 4, 0), ("/upload", "200", 1, 0), ("/missing", "404", 1, 1), ("/status", "200", 2, 0), ("/users/{name}", "200", 3, 0), ("/jobs/{n}", "201", 3, 0)}
        self.assertEqual(served, wanted)
        self.assertEqual(len(run.of("http.serve")), 7)  # uvicorn on two loops
        out = {(r["url.template"], r.count) for r in run.of("http.request")}
        self.assertEqual(out, {(template, count) for template, _, count, _ in wanted})
        for accept in run.of("net.accept"):
            port = accept["network.local.port"]
            (connect,) = [r for r in run.of("net.connect") if r.get("server.port") == port]
            self.assertEqual((accept.count, accept.bytes_in, accept.bytes_out), (connect.count, connect.bytes_out, connect.bytes_in), port)
        self.assertEqual(len(run.of("net.accept")), 6)

    def test_mail_files_ssh_and_names(self):
        run = self.talk(self.newest, OTHERS, 0, 0, "", head="import sys\n")
        connects = {r["server.port"]: r for r in run.of("net.connect", transport="tcp")}
        self.assertEqual({r["server.address"] for r in connects.values()}, {"localhost"})
        self.assertEqual(len(connects), 4)
        sizes = sorted([(r.bytes_out, r.bytes_in) for r in connects.values()])
        self.assertGreater(sizes[-1][0], 8_000)  # the mail
        self.assertGreater(max([size[1] for size in sizes]), 20_000)  # what the command said
        for accept in run.of("net.accept"):
            connect = connects[accept["network.local.port"]]
            self.assertEqual(accept.bytes_in, connect.bytes_out)
            self.assertTrue(connect.bytes_in <= accept.bytes_out < connect.bytes_in + 200)  # SSH says goodbye to a client that is gone
        self.assertEqual([(r.bytes_out, r["server.port"]) for r in run.of("net.connect", transport="udp")], [(5, "9")])
        names = {r["dns.question.name"]: (r.count, r.errors) for r in run.of("dns.resolve") if r["dns.question.name"].endswith(".invalid")}
        self.assertEqual(names, {"nowhere.invalid": (2, 2), "nobody.invalid": (1, 0)})

    def test_mcp(self):
        for python in test_models.ModelTest.python_with(self, ("openai==3.52.0", "anthropic==2.11.0", "google-genai==3.4.0", "boto3==1.44.5", "mcp==2.3.0")):
            server = self.script(MCP_SERVER, "server.py")
            run = self.talk(python, MCP, server, head="import sys\n")
            calls = {(r["mcp.method.name"], r.get("gen_ai.tool.name")): (r.count, r.errors, r.get("sentinel.mcp.server")) for r in run.of("mcp.call")}
            self.assertEqual(calls[("tools/call", "add")], (3, 0, "sums"))
            self.assertEqual(calls[("tools/call", "fail")], (1, 1, "sums"))
            self.assertEqual(calls[("initialize", None)][:2], (1, 0))

    def test_mcp_on_the_wire(self):
        run = self.talk(sys.executable, MCP_WIRE, head="import sys\n")
        calls = {(r["mcp.method.name"], r.get("gen_ai.tool.name"), r.count, r["server.address"]) for r in run.of("mcp.call")}
        self.assertEqual(calls, {("initialize", None, 1, "127.0.0.1"), ("tools/call", "delete_file", 1, "127.0.0.1")})


for name in [name for name in dir(test_clients.ClientTest) if name.startswith("test_")]:  # the base's own tests run in its module
    setattr(ProtocolTest, name, None)
