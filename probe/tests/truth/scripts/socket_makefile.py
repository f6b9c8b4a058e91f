import socket
import threading

server = socket.create_server(("127.0.0.1", 0))


def serve():
    connection, _ = server.accept()
    with connection.makefile("rw") as file:
        file.write(file.readline().upper())


thread = threading.Thread(target=serve)
thread.start()
with socket.create_connection(server.getsockname()) as client, client.makefile("rw") as file:
    file.write("hello\n")
    file.flush()
    print(file.readline())
thread.join()
