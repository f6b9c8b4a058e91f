"""Connections, listeners, bytes and HTTP requests of `socket`.

Watches: the audit events `socket.connect`, `socket.bind`, `socket.getaddrinfo`, `socket.sendto`. At the first connect it patches the leaf
methods of `socket.socket` (send, sendall, sendmsg, sendto, recv, recv_into, recvfrom, recvfrom_into, recvmsg, _real_close), and
`socket.getaddrinfo` to learn which name an address was asked for; `ssl` is patched with them (its own sensor). A script without network
pays for none of it.
Emits: net.connect (one for each name or address, port and transport: connections, bytes, connections that never came up),
net.listen, http.request (from the bytes that pass, so it sees every client that goes through these methods).
Leaves alone and why: server sides of accepted connections (their traffic belongs to the peer's run); binds to port 0 (clients);
native stacks (libcurl, uvloop's plain sockets): not visible here. HTTP over an asyncio TLS transport is read from `ssl.SSLObject`,
the bytes of net.connect are then those on the wire.
The first name that is looked up before the patch stands is matched to the connect that follows it.
Versions: CPython 3.8 to 3.14. Source: https://docs.python.org/3/library/socket.html
"""

import os
import sys
from _thread import get_ident
from _weakref import ref

from ... import boot, core, errors, http1, patching

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List, Optional, Tuple

    Arguments = Tuple[Any, ...]

VERSIONS = ">=3.8"
EMITS = ("net.connect", "net.listen", "http.request")

#: Open connections: weak reference to the socket, to what is known of it.
CONNECTIONS: "Dict[Any, Connection]" = {}
#: Connections whose socket object went without a close, by descriptor: a TLS socket takes its own from here.
ORPHANS: "Dict[int, Connection]" = {}
#: IP address to the name that it was last looked up for.
_names: "Dict[str, str]" = {}
_asked: "Dict[int, Tuple[str, Any]]" = {}  # thread to the name it asked for before the patch
_undo: "List[Any]" = []
_socket_type: "List[Any]" = []


class Connection:
    """One connection: the record it counts for, and what it says in HTTP."""

    __slots__ = ("exchange", "fileno", "found", "is_secure", "name", "port")

    def __init__(self, found: core.Activity, name: str, port: "Optional[int]", fileno: int) -> None:
        self.found = found
        self.name = name
        self.port = port
        self.fileno = fileno
        self.is_secure = False
        self.exchange: "Optional[http1.Exchange]" = http1.Exchange(name, port, "http")


def on_connect(args: "Arguments") -> None:
    """socket.connect(socket, address)"""
    sock = args[0]
    arm()
    core.slow(_connect, sock, args[1])


def _connect(sock: "Any", address: "Any") -> None:
    name, peer, port, transport = _peer(sock, address)
    found = core.count(
        "net.connect",
        (("server.address", name), ("server.port", port), ("network.transport", transport)),
    )
    if peer and found.attributes is not None and found.count == 1:
        found.changes = {"network.peer.address": peer}
    try:
        CONNECTIONS[ref(sock, _drop)] = Connection(found, name or "", port, sock.fileno())
    except TypeError:  # a bare _socket.socket
        pass


def _drop(reference: "Any") -> None:
    known = CONNECTIONS.pop(reference, None)
    if known is not None and known.fileno >= 0:  # gone without a close: detached, so that something took it over
        if len(ORPHANS) > 200:
            ORPHANS.clear()
        ORPHANS[known.fileno] = known


def _peer(sock: "Any", address: "Any") -> "Tuple[Optional[str], Optional[str], Optional[int], str]":
    if isinstance(address, tuple) and len(address) >= 2:
        host, port = address[0], address[1]
        if isinstance(host, (bytes, bytearray)):
            host = bytes(host).decode("latin-1")
        host = str(host)
        asked = _asked.pop(get_ident(), None)
        name = _names.get(host)
        if name is None and asked is not None and str(asked[1]) == str(port):
            name = asked[0]
            _names[host] = name
        return name or host, host if is_address(host) else None, port if isinstance(port, int) else None, "udp" if sock.type & 0xF == 2 else "tcp"
    path = os.fsdecode(address) if isinstance(address, (str, bytes)) else str(type(address).__name__)
    return None, path.replace("\0", "@"), None, "unix"


def is_address(host: str) -> bool:
    """Whether the text is an IP address rather than a name."""
    return ":" in host or host.replace(".", "").isdigit()


def on_getaddrinfo(args: "Arguments") -> None:
    """socket.getaddrinfo(host, port, family, type, protocol)"""
    host = args[0]
    if not _undo:  # the patch comes too late for this very call
        if isinstance(host, (bytes, bytearray)):
            host = bytes(host).decode("latin-1")
        if isinstance(host, str) and not is_address(host) and len(_asked) < 1000:
            _asked[get_ident()] = (host, args[1])
        arm()


def on_bind(args: "Arguments") -> None:
    """socket.bind(socket, address)"""
    address = args[1]
    if isinstance(address, tuple) and len(address) >= 2 and not address[1]:
        core.slow(_bind_later, args[0])
    else:
        core.slow(_bind, args[0], address)


def _bind_later(sock: "Any") -> None:
    """A bind to port 0: a listener if it listens later, which no event says; left alone."""


def _bind(sock: "Any", address: "Any") -> None:
    _, host, port, transport = _peer(sock, address)
    if isinstance(address, tuple):
        host = str(address[0]) or "0.0.0.0"
    core.count("net.listen", (("network.local.address", host), ("network.local.port", port), ("network.transport", transport)))


def on_sendto(args: "Arguments") -> None:
    """socket.sendto(socket, address): a datagram without a connection"""
    arm()
    if args[1] is not None and ref(args[0]) not in CONNECTIONS:
        core.slow(_connect, args[0], args[1])


def arm() -> None:
    """Patches what is not patched yet: the socket class in use, and ssl once it is imported."""
    module = sys.modules.get("socket")
    if module is None or not patching.is_supported():
        return
    if not _undo or getattr(module, "socket", None) not in _socket_type:
        instrument(module)
    if "ssl" in sys.modules:
        boot.load("sensors.ssl").instrument(sys.modules["ssl"])


def instrument(module: "Any") -> None:
    """Patches the socket class that the module holds now."""
    kind = module.socket
    _socket_type.append(kind)
    is_native = "sendall" not in vars(kind)  # a Python sendall (gevent) calls send: one of them counts
    for name in ("send", "sendall", "sendmsg", "sendto") if is_native else ("send", "sendmsg", "sendto"):
        patching.patch(kind, name, _make_sender(name), _undo)
    for name in ("recv", "recvfrom", "recvmsg"):
        patching.patch(kind, name, _make_receiver(name), _undo)
    for name in ("recv_into", "recvfrom_into"):
        patching.patch(kind, name, _make_filler(name), _undo)
    patching.patch(kind, "_real_close", _make_close, _undo)
    patching.patch(module, "getaddrinfo", _make_getaddrinfo, _undo)


def uninstrument() -> None:
    """Takes the patches back."""
    patching.restore(_undo)
    _socket_type.clear()


def lookup(sock: "Any") -> "Optional[Connection]":
    """What is known of a socket's connection."""
    return CONNECTIONS.get(ref(sock))


def _make_sender(name: str) -> "Any":
    def make(original: "Any") -> "Any":
        def send(self: "Any", *args: "Any", **named: "Any") -> "Any":
            try:
                result = original(self, *args, **named)
            except BaseException as error:
                patching.strip(error)
                raise
            try:
                known = CONNECTIONS.get(ref(self))
                if known is not None:
                    data = args[0]
                    size = result if result is not None else memoryview(data).nbytes
                    known.found.bytes_out += size
                    if known.exchange is not None and not known.is_secure:
                        if name == "sendmsg":
                            data = next(iter(data), b"") if isinstance(data, (list, tuple)) else b""
                        talk(known, data, size)
            except BaseException as error:
                if errors.survive("socket.send", error, _undo):
                    raise
            return result

        return patching.disguise(send, original)

    return make


def talk(known: Connection, data: "Any", size: int) -> None:
    """Reads what is sent as HTTP; a TLS handshake on a plain socket carries what `ssl` shows in clear."""
    exchange = known.exchange
    if exchange is None:
        return
    if not exchange.is_sending and exchange.found is None and size and bytes(memoryview(data)[:1]) == b"\x16":
        known.exchange = None
        return
    exchange.sent(data, size)
    if exchange.is_over:
        known.exchange = None


def hear(known: Connection, data: "Any", size: int) -> None:
    """Reads what is received as HTTP."""
    exchange = known.exchange
    if exchange is not None:
        exchange.received(data, size)
        if exchange.is_over:
            known.exchange = None


def _make_receiver(name: str) -> "Any":
    is_tuple = name != "recv"

    def make(original: "Any") -> "Any":
        def recv(self: "Any", *args: "Any", **named: "Any") -> "Any":
            try:
                result = original(self, *args, **named)
            except BaseException as error:
                patching.strip(error)
                raise
            try:
                known = CONNECTIONS.get(ref(self))
                if known is not None:
                    data = result[0] if is_tuple else result
                    size = len(data)
                    if not (args and len(args) > 1 and not is_tuple and args[1] & 2):  # not MSG_PEEK
                        known.found.bytes_in += size
                        if known.exchange is not None and not known.is_secure:
                            hear(known, data, size)
            except BaseException as error:
                if errors.survive("socket.recv", error, _undo):
                    raise
            return result

        return patching.disguise(recv, original)

    return make


def _make_filler(name: str) -> "Any":
    is_tuple = name != "recv_into"

    def make(original: "Any") -> "Any":
        def recv_into(self: "Any", *args: "Any", **named: "Any") -> "Any":
            try:
                result = original(self, *args, **named)
            except BaseException as error:
                patching.strip(error)
                raise
            try:
                known = CONNECTIONS.get(ref(self))
                if known is not None and args:
                    size = result[0] if is_tuple else result
                    known.found.bytes_in += size
                    if known.exchange is not None and not known.is_secure:
                        hear(known, args[0], size)
            except BaseException as error:
                if errors.survive("socket.recv_into", error, _undo):
                    raise
            return result

        return patching.disguise(recv_into, original)

    return make


def _make_close(original: "Any") -> "Any":
    def _real_close(self: "Any", *args: "Any", **named: "Any") -> "Any":
        try:
            known = CONNECTIONS.pop(ref(self), None)
            if known is not None and not known.found.bytes_in and not known.found.bytes_out and self.type & 0xF == 1:
                try:
                    self.getpeername()
                except OSError:  # it never came up
                    known.found.errors += 1
        except BaseException as error:
            if errors.survive("socket.close", error, _undo):
                raise
        try:
            return original(self, *args, **named)
        except BaseException as error:
            patching.strip(error)
            raise

    return patching.disguise(_real_close, original)


def _make_getaddrinfo(original: "Any") -> "Any":
    def getaddrinfo(*args: "Any", **named: "Any") -> "Any":
        try:
            result = original(*args, **named)
        except BaseException as error:
            patching.strip(error)
            raise
        try:
            host = args[0] if args else named.get("host")
            if isinstance(host, (bytes, bytearray)):
                host = bytes(host).decode("latin-1")
            if isinstance(host, str):
                if is_address(host):  # asked for by address: whatever name it had is not what is meant now
                    _names.pop(host, None)
                else:
                    if len(_names) > 2000:
                        _names.clear()
                    for entry in result:
                        _names[entry[4][0]] = host
        except BaseException as error:
            if errors.survive("socket.getaddrinfo.result", error, _undo):
                raise
        return result

    return patching.disguise(getaddrinfo, original)


def _forget() -> None:
    # Connections that the parent opened belong to the parent's run, even if the child goes on using them.
    CONNECTIONS.clear()
    ORPHANS.clear()


core.FORGETTERS.append(_forget)

AUDIT = {
    "socket.connect": on_connect,
    "socket.bind": on_bind,
    "socket.getaddrinfo": on_getaddrinfo,
    "socket.sendto": on_sendto,
}
