import inspect, socket, ssl, os, http.client, threading
s = socket.socket(); 
try: s.connect(('127.0.0.1', 1))
except OSError: pass
for f in (socket.getaddrinfo, socket.socket.send, socket.socket.recv_into, ssl.SSLSocket.read, ssl.SSLSocket.write, ssl.SSLObject.read, os._exit, socket.socket._real_close):
    try: print(f.__name__, f.__qualname__, inspect.signature(f))
    except ValueError: print(f.__name__, 'none')
print(socket.socket.send.__doc__); s.close()
