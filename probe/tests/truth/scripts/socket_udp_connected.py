import socket

server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("127.0.0.1", 0))
client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
client.connect(server.getsockname())
client.send(b"one")
data, peer = server.recvfrom(100)
server.sendto(b"back", peer)
print(data, client.recv(100))
