"""A plain HTTP/1.1 server, with TLS beside it, that keeps the truth: requests and bytes for each first segment of the path.

    python http_server.py [certificate key]       prints its ports (0 where there is no certificate); ends when its standard input does

`GET /truth` gives, for each first segment: requests, bytes that came in, bytes that went out, in clear.
"""

import collections
import json
import socket
import ssl
import sys
import threading

TRUTH = collections.defaultdict(lambda: [0, 0, 0])
LOCK = threading.Lock()


def serve(sock):
    data = b""
    with sock:
        while True:
            while b"\r\n\r\n" not in data:
                try:
                    piece = sock.recv(65536)
                except OSError:
                    return
                if not piece:
                    return
                data += piece
            head, _, data = data.partition(b"\r\n\r\n")
            lines = head.split(b"\r\n")
            method, path, _ = lines[0].decode().split(" ")
            fields = {name.strip().lower(): value.strip() for name, _, value in [line.partition(b":") for line in lines[1:]]}
            size = len(head) + 4
            if fields.get(b"expect"):
                sock.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
            length = int(fields.get(b"content-length", 0))
            chunked = b"chunked" in fields.get(b"transfer-encoding", b"")
            while len(data) < length or chunked and b"0\r\n\r\n" not in data[-7:]:
                data += sock.recv(65536)
            if chunked:
                length = len(data)
            size, data = size + length, data[length:]
            parts = path.partition("?")[0].split("/")
            if path == "/truth":
                with LOCK:
                    body = json.dumps(TRUTH).encode()
            else:
                body = b"hello world " * 100
            status = b"404 Not Found" if "missing" in path else b"200 OK"
            answer = b"HTTP/1.1 " + status + b"\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n" % len(body) + (b"" if method == "HEAD" else body)
            sock.sendall(answer)
            with LOCK:
                entry = TRUTH[parts[1]]
                entry[0] += 1
                entry[1] += size
                entry[2] += len(answer) + (25 if fields.get(b"expect") else 0)
            if fields.get(b"connection", b"").lower() == b"close":
                return


def listen(context):
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", 0))
    listener.listen(64)

    def one(sock):
        try:
            serve(context.wrap_socket(sock, server_side=True) if context else sock)
        except (OSError, ValueError):
            pass

    def accept():
        while True:
            threading.Thread(target=one, args=(listener.accept()[0],), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    return listener.getsockname()[1]


context = None
if len(sys.argv) > 1:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[1], sys.argv[2])
print(listen(None), listen(context) if context else 0, flush=True)
sys.stdin.read()
