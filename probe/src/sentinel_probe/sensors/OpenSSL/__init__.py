"""What passes TLS connections of pyOpenSSL, in clear.

Watches: OpenSSL.SSL.Connection.{send, write, sendall, recv, read, recv_into}.
Emits: http.request, http.serve and ai.request from the clear text; bytes go to the net.connect or net.accept of the socket that the connection was made with
(OpenSSL reads and writes its descriptor itself).
Leaves alone and why: the handshake, certificates, keys; connections without a socket (Twisted), whose clear text is read, while their bytes are those
that the sensor of `socket` counts on the wire; DTLS.
Versions: pyOpenSSL 22 to 26. Source: https://www.pyopenssl.org/en/latest/api/ssl.html
"""

from _weakref import ref

from ... import core, errors, http1, patching, wire

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List, Tuple

VERSIONS = ">=22"
EMITS = ("http.request", "http.serve", "ai.request", "mcp.call")
PATCHES = ("OpenSSL.SSL",)

UNDO: "List[Any]" = []
#: TLS connection to its socket's connection (None without a socket) and who reads its clear text.
_known: "Dict[Any, Tuple[Any, Any]]" = {}


def instrument(module: "Any") -> None:
    """Replaces the methods that carry clear text."""
    if UNDO:
        return
    kind = module.Connection
    for name in ("send", "write", "sendall"):
        patching.patch(kind, name, _make_sender, UNDO)
    for name in ("recv", "read"):
        patching.patch(kind, name, _make_receiver, UNDO)
    patching.patch(kind, "recv_into", _make_filler, UNDO)


def uninstrument() -> None:
    """Takes the patches back."""
    patching.restore(UNDO)


def _find(tls: "Any") -> "Tuple[Any, Any]":
    reference = ref(tls)
    pair = _known.get(reference)
    if pair is None:
        sock = getattr(tls, "_socket", None)
        known = wire.CONNECTIONS.get(ref(sock)) if sock is not None else None
        name = tls.get_servername()
        name = name.decode("latin-1") if isinstance(name, bytes) else ""
        exchange = None
        if known is not None:
            known.secure(known.name if known.is_server else name or known.name)
            exchange = known.exchange
        elif name and sock is None:
            port = 443
            for other in list(wire.CONNECTIONS.values()):
                if other.name == name:
                    port = other.port or port
            exchange = http1.Exchange(name, port, "https")
        if len(_known) > 10_000:
            _known.clear()
        pair = _known[ref(tls, _drop)] = (known, exchange)
    return pair if pair[1] is None or not pair[1].is_over else (pair[0], None)


def _drop(reference: "Any") -> None:
    _known.pop(reference, None)


def _make_sender(original: "Any") -> "Any":
    def send(self: "Any", *args: "Any", **named: "Any") -> "Any":
        known = exchange = instead = None
        try:
            known, exchange = _find(self)
            if exchange is not None and args:
                instead = exchange.sending(args[0])
        except BaseException as error:
            if errors.survive("OpenSSL.send", error, UNDO):
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
        if type(result) is int:
            if known is not None:
                known.found.bytes_out += result
            if exchange is not None:
                exchange.sent(result)
        return result

    return patching.disguise(send, original)


def _received(tls: "Any", data: "Any", size: int, flags: "Any") -> None:
    if size and not (isinstance(flags, int) and flags & 2):  # not MSG_PEEK
        known, exchange = _find(tls)
        if known is not None:
            known.found.bytes_in += size
        if exchange is not None:
            exchange.received(data, size)


def _make_receiver(original: "Any") -> "Any":
    def recv(self: "Any", *args: "Any", **named: "Any") -> "Any":
        try:
            result = original(self, *args, **named)
        except BaseException as error:
            patching.strip(error)
            raise
        try:
            _received(self, result, len(result), args[1] if len(args) > 1 else named.get("flags"))
        except BaseException as error:
            if errors.survive("OpenSSL.recv", error, UNDO):
                raise
        return result

    return patching.disguise(recv, original)


def _make_filler(original: "Any") -> "Any":
    def recv_into(self: "Any", *args: "Any", **named: "Any") -> "Any":
        try:
            result = original(self, *args, **named)
        except BaseException as error:
            patching.strip(error)
            raise
        try:
            buffer = args[0] if args else named.get("buffer")
            _received(self, buffer, result, args[2] if len(args) > 2 else named.get("flags"))
        except BaseException as error:
            if errors.survive("OpenSSL.recv_into", error, UNDO):
                raise
        return result

    return patching.disguise(recv_into, original)


core.FORGETTERS.append(_known.clear)
