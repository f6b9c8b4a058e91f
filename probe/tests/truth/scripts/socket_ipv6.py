import socket
import threading

try:
    server = socket.create_server(("::1", 0), family=socket.AF_INET6)
except OSError:
    raise SystemExit(0)
threading.Thread(target=lambda: server.accept()[0].sendall(b"six"), daemon=True).start()
client = socket.create_connection(server.getsockname()[:2])
print(client.recv(10))
