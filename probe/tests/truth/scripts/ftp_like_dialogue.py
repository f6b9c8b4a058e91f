import socket
import threading

server = socket.create_server(("127.0.0.1", 0))


def serve():
    connection, _ = server.accept()
    with connection:
        connection.sendall(b"220 ready\r\n")
        for line in connection.makefile("rb"):
            connection.sendall(b"200 " + line)
            if line.startswith(b"QUIT"):
                return


threading.Thread(target=serve, daemon=True).start()
with socket.create_connection(server.getsockname()) as client:
    file = client.makefile("rwb")
    for word in (b"USER x", b"LIST", b"QUIT"):
        file.write(word + b"\r\n")
        file.flush()
        print(file.readline())
