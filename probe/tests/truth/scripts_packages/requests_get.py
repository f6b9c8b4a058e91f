import http.server
import threading

import requests


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        self.wfile.write(b"x" * 1000)

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()

    def log_message(self, *args):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
root = "http://127.0.0.1:%d/" % server.server_port
with requests.Session() as session:
    print([len(session.get(root + str(number)).content) for number in range(5)])
    print(session.post(root, json={"a": 1}).status_code, session.post(root, files={"f": b"y" * 5000}).status_code)
