import http.server
import threading
import urllib.request


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"body" * 100)

    do_POST = do_GET

    def log_message(self, *args):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
url = "http://127.0.0.1:%d/items/1?secret=1" % server.server_port
for turn in range(3):
    print(len(urllib.request.urlopen(url).read()))
print(urllib.request.urlretrieve(url, "fetched.bin")[0])
