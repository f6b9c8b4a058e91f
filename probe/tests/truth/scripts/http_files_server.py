import functools
import http.server
import threading
import urllib.error
import urllib.request

open("served.txt", "w").write("x" * 5000)


class Handler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory="."))
threading.Thread(target=server.serve_forever, daemon=True).start()
root = "http://127.0.0.1:%d/" % server.server_port
print(len(urllib.request.urlopen(root + "served.txt").read()))
try:
    urllib.request.urlopen(root + "missing")
except urllib.error.HTTPError as error:
    print(error.code)
