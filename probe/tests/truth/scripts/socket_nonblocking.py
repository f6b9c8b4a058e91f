import select
import socket

server = socket.create_server(("127.0.0.1", 0))
client = socket.socket()
client.setblocking(False)
client.connect_ex(server.getsockname())
connection, _ = server.accept()
select.select([], [client], [], 5)
client.send(b"ping")
print(connection.recv(10))
connection.send(b"pong")
select.select([client], [], [], 5)
print(client.recv(10))
