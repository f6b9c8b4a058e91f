# before-3.11: one more frame
import http.client, threading, socket
l = socket.socket(); l.bind(('127.0.0.1', 0)); l.listen()
def serve():
    s, _ = l.accept(); s.recv(1000); s.close()
threading.Thread(target=serve, daemon=True).start()
c = http.client.HTTPConnection('127.0.0.1', l.getsockname()[1])
try:
    c.request('GET', '/'); c.getresponse()
except (http.client.RemoteDisconnected, ConnectionResetError) as e: print(type(e).__mro__[1].__name__ != '')
import urllib.request
urllib.request.urlopen('http://127.0.0.1:1/')
