# before-3.11: one more frame
import array, inspect, socket, traceback
a, b = socket.socketpair()
for call in (lambda: a.send("text"), lambda: a.send(), lambda: a.sendall(None), lambda: a.sendmsg("text"), lambda: a.sendmsg([1]), lambda: a.recv(-1), lambda: a.recv("x"), lambda: a.recv_into(b"fixed"), lambda: a.sendto(b"x"), lambda: a.listen("x"), lambda: a.accept(1)):
    try: print("gave", call())
    except Exception as error: print(type(error).__name__, error)
print(a.send(array.array("I", [1, 2])), a.sendall(memoryview(b"abcd")[::2].tobytes()), a.sendmsg([b"x", bytearray(b"yz")]), b.recv(100))
shared = bytearray(b"grow"); a.send(shared); shared.extend(b"s"); print(shared, b.recv(10))
for name in ("send", "sendall", "recv", "recv_into", "accept", "listen", "sendfile"):
    method = getattr(socket.socket, name)
    print(name, method.__name__, method.__qualname__, method.__module__, bool(method.__doc__))
    try: print(inspect.signature(method))
    except ValueError: print("no signature")
listener = socket.socket(); listener.bind(("127.0.0.1", 0)); listener.listen(); listener.settimeout(0.05)
try: listener.accept()
except socket.timeout as error: print(type(error).__name__, error)
client = socket.create_connection(listener.getsockname()); one, address = listener.accept()
client.sendall(b"GET /"); one.setblocking(False); print(one.recv(10, socket.MSG_PEEK), one.recv(10))
try: one.recv(10)
except BlockingIOError as error: print(error.errno == 11)
one.close(); print(client.recv(10)); client.close(); listener.close()
try: client.send(b"x")
except OSError as error: traceback.print_exc()
