"""Waits for a connection and takes one."""

import socket

with socket.create_server(("0.0.0.0", 0)) as server:
    with socket.create_connection(("127.0.0.1", server.getsockname()[1])):
        server.accept()[0].close()
