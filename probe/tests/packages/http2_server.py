"""A stand-in that speaks HTTP/2 over TLS and keeps what it was sent: `http2_server.py CERTIFICATE KEY` prints its port.

At the end of its standard input it prints the body of every stream as a list in JSON, those that broke off included.
"""

import json
import socket
import ssl
import sys
import threading

import h2.config
import h2.connection
import h2.events

ANSWER = b'{"id": "1", "object": "chat.completion", "model": "gpt", "choices": [], "usage": {"prompt_tokens": 1, "completion_tokens": 1}}'
bodies = []


def serve(client):
    streams = {}
    try:
        client = context.wrap_socket(client, server_side=True)
        session = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
        session.initiate_connection()
        client.sendall(session.data_to_send())
        while True:
            data = client.recv(65536)
            if not data:
                break
            for event in session.receive_data(data):
                if isinstance(event, h2.events.RequestReceived):
                    streams[event.stream_id] = bytearray()
                    bodies.append(streams[event.stream_id])
                elif isinstance(event, h2.events.DataReceived):
                    streams[event.stream_id] += event.data
                    session.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
                elif isinstance(event, h2.events.StreamEnded):
                    session.send_headers(event.stream_id, [(":status", "200"), ("content-type", "application/json")])
                    session.send_data(event.stream_id, ANSWER, end_stream=True)
            client.sendall(session.data_to_send())
    except OSError:
        pass
    finally:
        client.close()


def accept():
    while True:
        threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()


context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[1], sys.argv[2])
context.set_alpn_protocols(["h2"])
listener = socket.create_server(("127.0.0.1", 0))
threading.Thread(target=accept, daemon=True).start()
print(listener.getsockname()[1], flush=True)
sys.stdin.read()
print(json.dumps([bytes(body).decode() for body in bodies]), flush=True)
