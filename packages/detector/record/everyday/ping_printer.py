"""Looks whether the print server answers."""

import socket
with socket.create_connection(("intranet.corp", 8080), timeout=5) as link:
    link.sendall(b"GET / HTTP/1.0\r\n\r\n")
    print(len(link.recv(100)) > 0)
