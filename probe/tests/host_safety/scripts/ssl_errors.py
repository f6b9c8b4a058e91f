import socket, ssl, threading
l = socket.socket(); l.bind(('127.0.0.1', 0)); l.listen()
def serve():
    s, _ = l.accept(); s.recv(1000); s.sendall(b'not tls at all, really not\r\n' * 4); s.close()
threading.Thread(target=serve, daemon=True).start()
c = socket.create_connection(l.getsockname())
try: ssl.create_default_context().wrap_socket(c, server_hostname='x')
except OSError as e: print(isinstance(e, ssl.SSLError), getattr(e, 'reason', None))
print(ssl.SSLSocket.read.__name__, ssl.SSLSocket.send.__doc__, ssl.SSLObject.write.__qualname__)
