import threading
import xmlrpc.client
import xmlrpc.server

server = xmlrpc.server.SimpleXMLRPCServer(("127.0.0.1", 0), logRequests=False)
server.register_function(lambda a, b: a + b, "add")
threading.Thread(target=server.serve_forever, daemon=True).start()
print(xmlrpc.client.ServerProxy("http://127.0.0.1:%d" % server.server_address[1]).add(1, 2))
