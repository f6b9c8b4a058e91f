import socket
import threading

server = socket.socket(socket.AF_UNIX)
server.bind("a.sock")
server.listen()
threading.Thread(target=lambda: server.accept()[0].sendall(b"hi"), daemon=True).start()
client = socket.socket(socket.AF_UNIX)
client.connect("a.sock")
print(client.recv(10))
