import socket

server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("127.0.0.1", 0))
client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
client.sendto(b"datagram", server.getsockname())
data, peer = server.recvfrom(100)
server.sendto(data * 2, peer)
print(client.recvfrom(100)[0])
