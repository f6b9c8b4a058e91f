# options: -X dev
open(__file__)
import socket
socket.socket()
