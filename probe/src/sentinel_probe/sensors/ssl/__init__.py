"""What passes TLS connections, in clear.

Watches: ssl.SSLSocket.{send, write, read} and ssl.SSLObject.{write, read} (asyncio, aiohttp, httpx async, uvloop), and gevent's SSLSocket, patched by the
`socket` sensor at the first connect or bind after `ssl` is imported.
Emits: nothing of its own; it adds bytes to the net.connect or net.accept of the socket (clear bytes for SSLSocket) and feeds http.request, http.serve,
ai.request.
Leaves alone and why: the handshake, certificates, keys; sendall, recv and recv_into, which end in the methods above (counted once). An SSLObject is
matched to its connection by the name it was made for, or, on a server, by the connection that received bytes last.
Versions: CPython 3.8 to 3.14. Source: https://docs.python.org/3/library/ssl.html
"""

import sys
from _weakref import ref

from ... import core, errors, http1, patching, wire

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List

_IS_TOGETHER = core.IS_FREE_THREADED
VERSIONS = ">=3.8"
EMITS = ("http.request", "http.serve", "ai.request", "mcp.call")

UNDO: "List[Any]" = []
_kinds: "List[Any]" = []
_objects: "Dict[Any, Any]" = {}  # SSLObject to who reads its clear text
_records: "Dict[Any, Any]" = {}  # SSLObject to the net.connect that has no other bytes than its own


def is_armed() -> bool:
    """Whether the classes in use are patched."""
    for name in ("ssl", "gevent.ssl"):
        module = sys.modules.get(name)
        if module is not None and getattr(module, "SSLSocket", None) not in _kinds and hasattr(module, "SSLSocket"):
            return patching.is_off(UNDO)
    return True


def arm() -> None:
    """Patches the classes that carry clear text and are not patched yet. Only from inside `core.slow`."""
    for name in ("ssl", "gevent.ssl"):
        module = sys.modules.get(name)
        if module is not None and not is_armed():
            instrument(module)


def instrument(module: "Any") -> None:
    """Patches the module's two classes, unless they are."""
    kind = getattr(module, "SSLObject", None)
    if kind is not None and kind not in _kinds:
        patching.patch(kind, "write", _make_writer(_object_exchange, _object_sent), UNDO)
        patching.patch(kind, "read", _make_reader(_object_received), UNDO)
        _kinds.append(kind)
    kind = getattr(module, "SSLSocket", None)
    if kind is not None and kind not in _kinds:
        patching.patch(kind, "send", _make_writer(_socket_exchange, _socket_sent), UNDO)
        patching.patch(kind, "write", _make_writer(_socket_exchange, _socket_sent), UNDO)
        patching.patch(kind, "read", _make_reader(_socket_received), UNDO)
        _kinds.append(kind)


def uninstrument() -> None:
    """Takes the patches back."""
    patching.restore(UNDO)
    _kinds.clear()


def _connection(sock: "Any") -> "Any":
    """Connection of a TLS socket; one that was wrapped takes over from the plain socket it was made of."""
    known = wire.CONNECTIONS.get(ref(sock))
    if known is None:
        known = wire.take_over(sock)
    if known is not None and not known.is_secure:
        known.secure(known.name if known.is_server else sock.server_hostname or known.name)
    return known


def _socket_exchange(sock: "Any") -> "Any":
    known = _connection(sock) if sock._sslobj is not None else None
    if known is None:
        return None
    exchange = known.exchange
    if exchange is not None and exchange.is_over:
        known.exchange = exchange = None
    return exchange


def _socket_sent(sock: "Any", size: int) -> None:
    known = wire.CONNECTIONS.get(ref(sock)) if sock._sslobj is not None else None
    if known is not None:
        if _IS_TOGETHER:
            core.add(known.found, bytes_out=size)
        else:
            known.found.bytes_out += size
        if known.exchange is not None:
            known.exchange.sent(size)


def _socket_received(sock: "Any", data: "Any", size: int) -> None:
    exchange = _socket_exchange(sock)
    known = wire.CONNECTIONS.get(ref(sock))
    if known is not None:
        if _IS_TOGETHER:
            core.add(known.found, bytes_in=size)
        else:
            known.found.bytes_in += size
        if exchange is not None:
            exchange.received(data, size)


def _object_exchange(tls: "Any") -> "Any":
    reference = ref(tls)
    try:
        exchange = _objects[reference]
    except KeyError:
        reference = ref(tls, _drop)
        carrier = wire.CARRIER[0]
        if tls.server_side:
            is_ours = carrier is not None and carrier.is_server
            exchange = http1.Answering(carrier.name, carrier.port, "https") if carrier is not None and is_ours else None
        else:
            name = tls.server_hostname
            port = 443
            alone = wire.expected(name) if name else None
            if alone is not None:
                port = alone.port or port
                _records[reference] = alone.found
            elif carrier is not None and carrier.name == name:
                port = carrier.port or port
            else:
                for known in list(wire.CONNECTIONS.values()):
                    if name and known.name == name:
                        port = known.port or port
            exchange = http1.Exchange(name, port, "https") if name else None
        _objects[reference] = exchange
    return None if exchange is not None and exchange.is_over else exchange


def _drop(reference: "Any") -> None:
    exchange = _objects.pop(reference, None)
    _records.pop(reference, None)
    if exchange is not None:
        try:
            exchange.close()
        except BaseException as error:
            if errors.survive("ssl.close", error, UNDO):
                raise


def _object_sent(tls: "Any", size: int) -> None:
    reference = ref(tls)
    exchange = _objects.get(reference)
    if exchange is not None:
        exchange.sent(size)
    if _records and reference in _records:
        if _IS_TOGETHER:
            core.add(_records[reference], bytes_out=size)
        else:
            _records[reference].bytes_out += size


def _object_received(tls: "Any", data: "Any", size: int) -> None:
    exchange = _object_exchange(tls)
    if exchange is not None:
        exchange.received(data, size)
    if _records:
        found = _records.get(ref(tls))
        if found is not None:
            if _IS_TOGETHER:
                core.add(found, bytes_in=size)
            else:
                found.bytes_in += size


def _make_writer(find: "Any", sent: "Any") -> "Any":
    def make(original: "Any") -> "Any":
        def write(self: "Any", *args: "Any", **named: "Any") -> "Any":
            instead = None
            try:
                exchange = find(self)
                if exchange is not None and args:
                    instead = exchange.sending(args[0])
            except BaseException as error:
                if errors.survive("ssl.write", error, UNDO):
                    raise
            if instead is not None:
                if isinstance(instead, BaseException):
                    raise instead
                args = (instead, *args[1:])
            try:
                result = original(self, *args, **named)
            except BaseException as error:
                patching.strip(error)
                raise
            try:
                if result:
                    sent(self, result)
            except BaseException as error:
                if errors.survive("ssl.write", error, UNDO):
                    raise
            return result

        return patching.disguise(write, original)

    return make


def _make_reader(received: "Any") -> "Any":
    def make(original: "Any") -> "Any":
        def read(self: "Any", *args: "Any", **named: "Any") -> "Any":
            try:
                result = original(self, *args, **named)
            except BaseException as error:
                patching.strip(error)
                raise
            try:
                buffer = args[1] if len(args) > 1 else named.get("buffer")
                size = result if buffer is not None else len(result)
                if size:
                    received(self, result if buffer is None else buffer, size)
            except BaseException as error:
                if errors.survive("ssl.read", error, UNDO):
                    raise
            return result

        return patching.disguise(read, original)

    return make


def _forget() -> None:
    _objects.clear()
    _records.clear()


core.FORGETTERS.append(_forget)
