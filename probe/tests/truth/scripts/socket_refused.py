import socket

probe = socket.socket()
probe.bind(("127.0.0.1", 0))
port = probe.getsockname()[1]
for attempt in range(3):
    client = socket.socket()
    try:
        client.connect(("127.0.0.1", port))
    except OSError as error:
        print(type(error).__name__)
    client.close()
    print(socket.socket().connect_ex(("127.0.0.1", port)) != 0)
