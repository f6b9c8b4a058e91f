import socket
import threading

open("big.bin", "wb").write(b"z" * 50000)
server = socket.create_server(("127.0.0.1", 0))
got = []


def serve():
    connection, _ = server.accept()
    while True:
        data = connection.recv(65536)
        if not data:
            break
        got.append(len(data))


thread = threading.Thread(target=serve)
thread.start()
client = socket.create_connection(server.getsockname())
client.sendmsg([b"head", b"er"])
with open("big.bin", "rb") as file:
    client.sendfile(file)
client.close()
thread.join()
print(sum(got))
