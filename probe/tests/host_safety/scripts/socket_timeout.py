# before-3.11: one more frame
import socket
a, b = socket.socketpair(); a.settimeout(0.01)
l = socket.socket(); l.bind(('127.0.0.1', 0)); l.listen()
c = socket.create_connection(l.getsockname()); c.settimeout(0.02)
c.recv(10)
