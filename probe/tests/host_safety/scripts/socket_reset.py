# before-3.11: one more frame
import socket, struct, traceback
l = socket.socket(); l.bind(('127.0.0.1', 0)); l.listen()
c = socket.create_connection(l.getsockname()); s, _ = l.accept()
s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0)); s.close()
def read(n): return c.recv(n)
try: read(10)
except OSError: traceback.print_exc()
try: c.sendall('text')
except TypeError: traceback.print_exc()
try: c.send()
except TypeError: traceback.print_exc()
try:
    try: 1 / 0
    except ZeroDivisionError: c.recv_into(bytearray(3), -1)
except Exception: traceback.print_exc()
c.close(); l.close()
c.send(b'x')
