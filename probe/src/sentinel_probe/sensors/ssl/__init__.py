"""What passes TLS connections, in clear.

Watches: ssl.SSLSocket.{send, write, read} and ssl.SSLObject.{write, read} (asyncio, aiohttp, httpx async), patched by the `socket` sensor
at the first connect after `ssl` is imported.
Emits: nothing of its own; it adds bytes to the net.connect of the socket (clear bytes for SSLSocket) and feeds http.request.
Leaves alone and why: the handshake, certificates, keys; sendall, recv and recv_into, which end in the methods above (counted once);
server sides. An SSLObject is matched to its server by the name it was made for.
Versions: CPython 3.8 to 3.14. Source: https://docs.python.org/3/library/ssl.html
"""

from _weakref import ref

from ... import boot, errors, http1, patching

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List, Optional

VERSIONS = ">=3.8"
EMITS = ("http.request",)

_undo: "List[Any]" = []
_objects: "Dict[Any, Optional[http1.Exchange]]" = {}
_sockets = boot.load("sensors.socket")


def instrument(module: "Any") -> None:
    """Patches the two classes that carry clear text."""
    if _undo:
        return
    kind = module.SSLSocket
    patching.patch(kind, "send", _make_socket_writer, _undo)
    patching.patch(kind, "write", _make_socket_writer, _undo)
    patching.patch(kind, "read", _make_reader(_socket_exchange), _undo)
    patching.patch(module.SSLObject, "write", _make_object_writer, _undo)
    patching.patch(module.SSLObject, "read", _make_reader(_object_exchange), _undo)


def uninstrument() -> None:
    """Takes the patches back."""
    patching.restore(_undo)


def _connection(sock: "Any") -> "Any":
    """Connection of a TLS socket; one that was wrapped takes over from the plain socket it was made of."""
    known = _sockets.CONNECTIONS.get(ref(sock))
    if known is None and not sock.server_side:
        number = sock.fileno()
        known = _sockets.ORPHANS.pop(number, None)
        if known is not None:
            _sockets.CONNECTIONS[ref(sock, _sockets._drop)] = known
        for reference, other in list(_sockets.CONNECTIONS.items()) if known is None else ():
            if other.fileno == number:
                plain = reference()
                if plain is None or plain.fileno() == -1:
                    known = other
                    _sockets.CONNECTIONS.pop(reference, None)
                    _sockets.CONNECTIONS[ref(sock, _sockets._drop)] = known
                    break
    if known is not None and not known.is_secure:
        known.is_secure = True
        known.exchange = http1.Exchange(sock.server_hostname or known.name, known.port, "https")
    return known


def _socket_exchange(sock: "Any", size: int, outward: bool) -> "Optional[http1.Exchange]":
    known = _connection(sock)
    if known is None:
        return None
    if outward:
        known.found.bytes_out += size
    else:
        known.found.bytes_in += size
    exchange = known.exchange
    if exchange is not None and exchange.is_over:
        known.exchange = exchange = None
    return exchange  # type: ignore[no-any-return]


def _object_exchange(tls: "Any", size: int, outward: bool) -> "Optional[http1.Exchange]":
    reference = ref(tls)
    if reference not in _objects:
        name = None if tls.server_side else tls.server_hostname
        port = 443
        for known in _sockets.CONNECTIONS.values():
            if name and known.name == name:
                port = known.port or port
        _objects[ref(tls, _drop)] = http1.Exchange(name, port, "https") if name else None
    exchange = _objects[reference]
    if exchange is not None and exchange.is_over:
        return None
    return exchange


def _drop(reference: "Any") -> None:
    _objects.pop(reference, None)


def _make_socket_writer(original: "Any") -> "Any":
    def send(self: "Any", *args: "Any", **named: "Any") -> "Any":
        try:
            result = original(self, *args, **named)
        except BaseException as error:
            patching.strip(error)
            raise
        try:
            if self._sslobj is not None and result:
                exchange = _socket_exchange(self, result, True)
                if exchange is not None:
                    exchange.sent(args[0], result)
        except BaseException as error:
            if errors.survive("ssl.send", error, _undo):
                raise
        return result

    return patching.disguise(send, original)


def _make_object_writer(original: "Any") -> "Any":
    def write(self: "Any", *args: "Any", **named: "Any") -> "Any":
        try:
            result = original(self, *args, **named)
        except BaseException as error:
            patching.strip(error)
            raise
        try:
            if result:
                exchange = _object_exchange(self, result, True)
                if exchange is not None:
                    exchange.sent(args[0], result)
        except BaseException as error:
            if errors.survive("ssl.write", error, _undo):
                raise
        return result

    return patching.disguise(write, original)


def _make_reader(find: "Any") -> "Any":
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
                    exchange = find(self, size, False)
                    if exchange is not None:
                        exchange.received(result if buffer is None else buffer, size)
            except BaseException as error:
                if errors.survive("ssl.read", error, _undo):
                    raise
            return result

        return patching.disguise(read, original)

    return make
