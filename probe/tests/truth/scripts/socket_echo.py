import socket
import threading

server = socket.create_server(("127.0.0.1", 0))


def serve():
    connection, _ = server.accept()
    while True:
        data = connection.recv(1000)
        if not data:
            return
        connection.sendall(data)


threading.Thread(target=serve, daemon=True).start()
client = socket.create_connection(("localhost", server.getsockname()[1]))
for size in (1, 10, 100):
    client.send(b"y" * size)
    buffer = bytearray(size)
    done = 0
    while done < size:
        done += client.recv_into(memoryview(buffer)[done:])
print(bytes(buffer[:3]))
client.close()
