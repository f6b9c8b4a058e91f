import gzip, http.client, http.server, json, threading
class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        try: asked = json.loads(body) if body[:1] == b"{" else {}
        except RecursionError: asked = {}
        out = b"not json" if asked.get("bad") else gzip.compress(json.dumps({"model": "m", "choices": [], "usage": {"prompt_tokens": 3, "completion_tokens": 4}, "size": len(body)}).encode())
        self.send_response(500 if asked.get("fail") else 200); self.send_header("Content-Type", "application/json")
        if not asked.get("bad"): self.send_header("Content-Encoding", "gzip")
        if asked.get("lie"): out = out[:20]
        self.send_header("Content-Length", str(len(out))); self.end_headers(); self.wfile.write(out)
    def do_GET(self): self.send_error(404)
    def log_message(self, *a): pass
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler); threading.Thread(target=server.serve_forever, daemon=True).start()
c = http.client.HTTPConnection("127.0.0.1", server.server_port)
for path in ("/v1/chat/completions", "/v1/messages", "/v1beta/models/x:generateContent", "/mcp"):
    for asked in (b'{"model": "m", "messages": [{"role": "user", "content": "hi"}]}', b'{"bad": 1, "messages": []}', b'{"lie": 1, "model": 5, "messages": {"a": [[[1]]]}}', b'{"fail": 1, "model": "x", "prompt": null}', b"\xff\xfe", b"[" * 5000, b"", b'{"messages": ' + b"[" * 3000 + b"]" * 3000 + b"}", b"x" * 1500000):
        for kind in ("application/json", "multipart/form-data; boundary=x"):
            c.request("POST", path, asked, {"Content-Type": kind, "Accept": "application/json, text/event-stream"}); r = c.getresponse(); print(path, r.status, len(r.read()))
c.request("GET", "/v1/models"); print(c.getresponse().read()[:6])
c.close(); server.shutdown(); server.server_close()
