# before-3.11: one more frame
import socket
for i in range(2):
    try: socket.getaddrinfo('127.0.0.1', 'no-such-service-name')
    except OSError as e: print(e)
socket.getaddrinfo('127.0.0.1', 'no-such-service-name')
