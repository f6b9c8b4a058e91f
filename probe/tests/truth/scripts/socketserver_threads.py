import socket
import socketserver
import threading


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        self.wfile.write(self.rfile.readline() * 2)


with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
    threading.Thread(target=server.serve_forever, daemon=True).start()
    for number in range(5):
        with socket.create_connection(server.server_address) as client:
            client.sendall(b"line %d\n" % number)
            print(client.recv(100))
    server.shutdown()
