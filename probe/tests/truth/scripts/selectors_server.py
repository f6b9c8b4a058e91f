import selectors
import socket

selector = selectors.DefaultSelector()
server = socket.create_server(("127.0.0.1", 0))
server.setblocking(False)
selector.register(server, selectors.EVENT_READ)
clients = [socket.create_connection(server.getsockname()) for number in range(3)]
for client in clients:
    client.sendall(b"hi")
answered = 0
while answered < 3:
    for key, _ in selector.select(1):
        if key.fileobj is server:
            connection, _ = server.accept()
            selector.register(connection, selectors.EVENT_READ)
        else:
            key.fileobj.sendall(key.fileobj.recv(10) * 3)
            answered += 1
print([client.recv(100) for client in clients])
