import smtplib
import socket
import threading

server = socket.create_server(("127.0.0.1", 0))


def serve():
    connection, _ = server.accept()
    file = connection.makefile("rwb")
    file.write(b"220 hello\r\n")
    file.flush()
    in_data = False
    for line in file:
        if in_data:
            if line == b".\r\n":
                in_data = False
                file.write(b"250 ok\r\n")
        elif line.upper().startswith(b"DATA"):
            in_data = True
            file.write(b"354 go\r\n")
        elif line.upper().startswith(b"QUIT"):
            file.write(b"221 bye\r\n")
            file.flush()
            return
        else:
            file.write(b"250 ok\r\n")
        file.flush()


threading.Thread(target=serve, daemon=True).start()
with smtplib.SMTP("127.0.0.1", server.getsockname()[1], local_hostname="me") as client:
    print(client.sendmail("a@example.com", ["b@example.com"], "Subject: x\r\n\r\nbody"))
