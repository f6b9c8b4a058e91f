"""A stand-in for a MongoDB server: its wire protocol (OP_MSG, OP_QUERY for the first hello), and as many commands as the tests send.

Run with the Python of an environment that has PyMongo, whose BSON it uses: `python mongo_server.py PORT`. Documents are kept in a dictionary.
Source: https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/
"""

import socketserver
import struct
import sys

import bson

STORE = {}
HELLO = {
    "ok": 1.0,
    "ismaster": True,
    "isWritablePrimary": True,
    "helloOk": True,
    "maxWireVersion": 21,
    "minWireVersion": 0,
    "maxBsonObjectSize": 16777216,
    "maxMessageSizeBytes": 48000000,
    "maxWriteBatchSize": 100000,
}


def answer(command):
    name = next(iter(command))
    documents = STORE.setdefault(command.get(name), []) if isinstance(command.get(name), str) else []
    if name.lower() in ("hello", "ismaster"):
        return HELLO
    if name == "insert":
        documents.extend(command["documents"])
        return {"ok": 1.0, "n": len(command["documents"])}
    if name in ("find", "aggregate"):
        wanted = command.get("filter") or {}
        found = [each for each in documents if all(each.get(key) == value for key, value in wanted.items())]
        size = command.get("batchSize") or len(found)
        STORE["cursor"] = found[size:]
        return {"ok": 1.0, "cursor": {"id": bson.Int64(7 if found[size:] else 0), "ns": "shop." + str(command[name]), "firstBatch": found[:size]}}
    if name == "getMore":
        return {"ok": 1.0, "cursor": {"id": bson.Int64(0), "ns": "shop." + command["collection"], "nextBatch": STORE.pop("cursor", [])}}
    if name in ("update", "delete"):
        return {"ok": 1.0, "n": 3, "nModified": 3}
    if name in ("ping", "endSessions", "drop"):
        STORE.pop(command[name], None) if name == "drop" else None
        return {"ok": 1.0}
    return {"ok": 0.0, "errmsg": "no such command", "code": 59, "codeName": "CommandNotFound"}


class Handler(socketserver.BaseRequestHandler):
    def exactly(self, size):
        data = b""
        while len(data) < size:
            part = self.request.recv(size - len(data))
            if not part:
                raise EOFError
            data += part
        return data

    def handle(self):
        try:
            while True:
                size, request, _, code = struct.unpack("<iiii", self.exactly(16))
                body = self.exactly(size - 16)
                if code == 2004:  # OP_QUERY
                    at = body.index(b"\0", 4) + 1 + 8
                    length = struct.unpack_from("<i", body, at)[0]
                    reply = struct.pack("<iqii", 8, 0, 0, 1) + bson.encode(answer(bson.decode(body[at : at + length])))
                    self.request.sendall(struct.pack("<iiii", 16 + len(reply), 1, request, 1) + reply)
                    continue
                command, at = {}, 4
                while at < len(body):
                    if body[at] == 0:
                        length = struct.unpack_from("<i", body, at + 1)[0]
                        command = {**bson.decode(body[at + 1 : at + 1 + length]), **command}
                        at += 1 + length
                    else:
                        length = struct.unpack_from("<i", body, at + 1)[0]
                        end, start = at + 1 + length, body.index(b"\0", at + 5) + 1
                        command[body[at + 5 : start - 1].decode()] = bson.decode_all(body[start:end])
                        at = end
                ordered = {key: command[key] for key in sorted(command, key=lambda key: key in ("documents", "updates", "deletes"))}
                reply = struct.pack("<i", 0) + b"\0" + bson.encode(answer(ordered))
                self.request.sendall(struct.pack("<iiii", 16 + len(reply), 1, request, 2013) + reply)
        except (EOFError, ConnectionError):
            pass


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


if __name__ == "__main__":
    Server(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
