"""Measures what the wire layer costs: the same traffic with the probe and without it, and the reading of a call to a model.

    python3 probe/bench/bench_network.py [--reps N] [--python PATH] [--json]

Every comparison is interleaved in random order within one run; a value is the median of the processor time (and of the clock) of the traffic alone, a
ratio is against the bare side. `again` is bare against bare: the noise. Servers run in a process of their own, without the probe. With `--python` an
interpreter that has requests, httpx and aiohttp, those are measured too.
Targets: keep-alive CPU 1.05 and clock 1.03, bulk CPU 1.10, socketpair 1.35, reading a call of 8 KB 100 us (research, section 6, rows 6 and 7).
"""

import argparse
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.join(os.path.dirname(HERE), "src")
INJECT = os.path.join(SOURCE, "sentinel_probe", "_inject")
sys.path.insert(0, SOURCE)

SERVER = r"""
import socket, ssl, sys, threading
context = None
if len(sys.argv) > 1:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER); context.load_cert_chain(sys.argv[1], sys.argv[2])
BULK = b"x" * 50_000_000
def serve(c, context):
    c.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if context: c = context.wrap_socket(c, server_side=True)
    data = b""
    while True:
        got = c.recv(65536)
        if not got: return
        data += got
        while b"\r\n\r\n" in data:
            head, _, data = data.partition(b"\r\n\r\n")
            body = BULK if b"/bulk" in head else b"x" * 1000
            c.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nContent-Type: text/plain\r\n\r\n" % len(body)); c.sendall(body)
def listen(context):
    s = socket.socket(); s.bind(("127.0.0.1", 0)); s.listen(16)
    def accept():
        while True: threading.Thread(target=serve, args=(s.accept()[0], context), daemon=True).start()
    threading.Thread(target=accept, daemon=True).start()
    return s.getsockname()[1]
print(listen(None), listen(context) if context else 0, flush=True)
sys.stdin.read()
"""

#: Each defines `warm()` and `work()`; only `work` is timed.
WORK = {
    "keepalive": """
import http.client
c = http.client.HTTPConnection("127.0.0.1", HTTP)
def ask(n):
    for i in range(n): c.request("GET", "/users/%d" % (i % 50)); c.getresponse().read()
def warm(): ask(60)
def work(): ask(1500)
""",
    "keepalive_tls": """
import http.client, ssl
c = http.client.HTTPSConnection("localhost", HTTPS, context=ssl.create_default_context(cafile=CA))
def ask(n):
    for i in range(n): c.request("GET", "/users/%d" % (i % 50)); c.getresponse().read()
def warm(): ask(60)
def work(): ask(1200)
""",
    "new_connections": """
import urllib.request
def ask(n):
    for i in range(n): urllib.request.urlopen("http://127.0.0.1:%d/users/%d" % (HTTP, i % 50)).read()
def warm(): ask(10)
def work(): ask(300)
""",
    "bulk": """
import http.client
c = http.client.HTTPConnection("127.0.0.1", HTTP)
def warm(): c.request("GET", "/x"); c.getresponse().read()
def work():
    c.request("GET", "/bulk"); r = c.getresponse()
    while r.read(65536): pass
""",
    "socketpair": """
import socket
a, b = socket.socketpair()
def warm():
    s = socket.socket(); s.connect(("127.0.0.1", HTTP)); s.close()  # so that the methods are patched
def work():
    for i in range(60000): a.send(b"12345678"); b.recv(8)
""",
    "served": """
import http.server, socket, threading
class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version, disable_nagle_algorithm = "HTTP/1.1", True
    def do_GET(self): self.send_response(200); self.send_header("Content-Length", "5"); self.end_headers(); self.wfile.write(b"hello")
    def log_message(self, *a): pass
s = http.server.HTTPServer(("127.0.0.1", 0), Handler); threading.Thread(target=s.serve_forever, daemon=True).start()
c = socket.create_connection(s.server_address)
def ask(n):
    for i in range(n):
        c.sendall(b"GET /users/%d HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n" % (i % 50))
        while not c.recv(4096).endswith(b"hello"): pass
def warm(): ask(20)
def work(): ask(600)
""",
    "requests": """
import requests
s = requests.Session()
def ask(n):
    for i in range(n): s.get("http://127.0.0.1:%d/users/%d" % (HTTP, i % 50))
def warm(): ask(60)
def work(): ask(400)
""",
    "httpx": """
import httpx
s = httpx.Client()
def ask(n):
    for i in range(n): s.get("http://127.0.0.1:%d/users/%d" % (HTTP, i % 50))
def warm(): ask(60)
def work(): ask(500)
""",
    "aiohttp": """
import aiohttp, asyncio
async def ask(n):
    async with aiohttp.ClientSession() as s:
        for i in range(n):
            async with s.get("http://127.0.0.1:%d/users/%d" % (HTTP, i % 50)) as r: await r.read()
def warm(): asyncio.run(ask(60))
def work(): asyncio.run(ask(800))
""",
}
PACKAGES = ("requests", "httpx", "aiohttp")

TIMED = "\nimport time\nwarm()\nc0, t0 = time.process_time(), time.perf_counter()\nwork()\nprint(time.process_time() - c0, time.perf_counter() - t0)\n"


def measure(python, names, reps, ports, certificate, folder, spool):
    plain = {"PATH": os.environ.get("PATH", ""), "HOME": folder, "LANG": "C.UTF-8"}
    cases = {"bare": plain, "again": plain, "probed": dict(plain, PYTHONPATH=INJECT, SENTINEL_SPOOL=spool)}
    report = {}
    for name in names:
        script = os.path.join(folder, name + "_work.py")
        with open(script, "w") as file:
            file.write("HTTP, HTTPS, CA = %d, %d, %r\n%s%s" % (*ports, certificate, WORK[name], TIMED))
        seen = {case: [] for case in cases}
        for number in range(reps + 1):
            order = list(cases)
            random.shuffle(order)
            for case in order:
                done = subprocess.run([python, script], env=cases[case], stdout=subprocess.PIPE, check=True, text=True)
                if number:  # the first compiles
                    seen[case].append([float(value) for value in done.stdout.split()])
        bare = [statistics.median([pair[at] for pair in seen["bare"]]) for at in (0, 1)]
        report[name] = {
            case: {
                "cpu_ms": round(statistics.median([pair[0] for pair in seen[case]]) * 1000, 2),
                "cpu": round(statistics.median([pair[0] for pair in seen[case]]) / bare[0], 3),
                "clock": round(statistics.median([pair[1] for pair in seen[case]]) / bare[1], 3),
            }
            for case in cases
        }
    return report


def read_calls():
    """Microseconds to read a call with a prompt of 8 KB and its answer: as JSON, as a stream of 100 events; without looking for secrets, and that alone."""
    from sentinel_probe import boot, core, llm_request

    boot._home = os.path.join(SOURCE, "sentinel_probe")
    boot.STATE.run_id, boot.STATE.path, boot.STATE.spool = "bench", os.devnull, os.path.dirname(os.devnull)
    boot.STATE.hello = ""
    http1, wire = boot.load("http1"), boot.load("llm_wire")
    text = ("The quarterly report of the northern region shows a rise in orders and a fall in returns. " * 95)[:8000]
    asked = json.dumps({"messages": [{"role": "user", "content": text}], "model": "gpt-bench", "stream": False}).encode()
    head = b"POST /v1/chat/completions HTTP/1.1\r\nHost: api.openai.com\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(asked)
    usage = {"prompt_tokens": 2000, "completion_tokens": 120, "total_tokens": 2120}
    said = json.dumps({"id": "x", "model": "gpt-bench-1", "choices": [{"index": 0, "message": {"role": "assistant", "content": "word " * 120}}], "usage": usage}).encode()
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(said) + said
    events = [b"data: " + json.dumps({"id": "x", "model": "gpt-bench-1", "choices": [{"index": 0, "delta": {"content": "word "}}]}).encode() + b"\n\n" for _ in range(100)]
    events.append(b"data: " + json.dumps({"id": "x", "choices": [], "usage": usage}).encode() + b"\n\n")
    streamed = [b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"] + [b"%x\r\n%s\r\n" % (len(each), each) for each in events] + [b"0\r\n\r\n"]
    request = boot.load("llm_request")
    real = request._kinds

    def once(pieces):
        exchange = http1.Exchange("api.openai.com", 443, "https")
        exchange.sending(head)
        exchange.sent(len(head))
        exchange.sending(asked)
        exchange.sent(len(asked))
        for piece in pieces:
            exchange.received(piece, len(piece))

    def best(function, number):
        times = []
        for _ in range(15):
            begin = time.perf_counter()
            for _ in range(number):
                function()
            times.append((time.perf_counter() - begin) / number)
        return round(min(times) * 1e6, 1)

    report = {}
    once([answer])
    request._kinds = lambda text: ("", "")
    request._remembered.clear()
    report["json_us"] = best(lambda: once([answer]), 200)
    report["stream_us"] = best(lambda: once(streamed), 50)
    request._kinds = real
    report["repeated_prompt_us"] = best(lambda: once([answer]), 200)
    real(text)
    report["secrets_and_pii_us"] = best(lambda: real(text), 20)
    found = boot.load("llm")._found
    assert len(found) == 1 and next(iter(found.values())).count > 100, found
    del core, llm_request, wire
    return report


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--reps", type=int, default=9, help="runs of each case")
    parser.add_argument("--only", help="comma-separated names; calls: the reading of calls to models")
    parser.add_argument("--python", help="an interpreter that has requests, httpx and aiohttp")
    options = parser.parse_args()
    only = options.only.split(",") if options.only else None
    folder = tempfile.mkdtemp(prefix="sentinel-bench-")
    spool = os.path.join(folder, "spool")
    os.mkdir(spool)
    key, certificate = os.path.join(folder, "k.pem"), os.path.join(folder, "c.pem")
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", certificate]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    server = subprocess.Popen([sys.executable, "-I", "-c", SERVER, certificate, key], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        ports = [int(port) for port in server.stdout.readline().split()]
        names = [name for name in WORK if (only is None or name in only) and (name not in PACKAGES or options.python)]
        report = measure(options.python or sys.executable, names, options.reps, ports, certificate, folder, spool)
        if only is None or "calls" in only:
            report["calls"] = read_calls()
        print(json.dumps({"python": sys.version.split()[0], "reps": options.reps, **report}, indent=1))
    finally:
        server.stdin.close()
        server.wait(20)
        server.stdout.close()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
