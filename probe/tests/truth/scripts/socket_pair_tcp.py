import socket
import threading

server = socket.create_server(("127.0.0.1", 0))
threading.Thread(target=lambda: server.accept()[0].sendall(b"x" * 1000), daemon=True).start()
client = socket.create_connection(server.getsockname())
client.sendall(b"hello")
total = 0
while total < 1000:
    total += len(client.recv(4096))
print(total)
client.close()
