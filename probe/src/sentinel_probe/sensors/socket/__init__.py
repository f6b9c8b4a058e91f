"""Connections, listeners, name lookups, bytes and HTTP of `socket`.

Watches: the audit events `socket.connect`, `socket.bind`, `socket.getaddrinfo`, `socket.gethostbyname`, `socket.gethostbyaddr`, `socket.sendto`. At the first
of them it patches the leaf methods of `socket.socket` (send, sendall, sendmsg, sendto, recv, recv_into, recvfrom, recvfrom_into, recvmsg,
accept, listen, _sendfile_use_sendfile, _real_close) and `socket.getaddrinfo`; `ssl` is patched with them (its own sensor), and gevent's sockets
where gevent is loaded. A script without network pays for none of it.
Emits: net.connect (one for each name or address, port and transport: connections, bytes, connections that never came up), net.accept (one for each
listener and peer), net.listen, dns.resolve, http.request and http.serve (from the bytes that pass, so they see every client and server that goes
through these methods), ai.request and mcp.call (see `llm`).
Leaves alone and why: binds to port 0 that never listen (clients); native stacks (libcurl, gRPC, uvloop's plain sockets): not visible here, see their sensors;
`os.read` and `os.sendfile` on a descriptor. HTTP over an asyncio TLS transport is read from `ssl.SSLObject`, the bytes of net.connect are then those
on the wire. The first name that is looked up before the patch stands is matched to the connect that follows it; that it failed is not seen.
Versions: CPython 3.8 to 3.14. Source: https://docs.python.org/3/library/socket.html
"""

import sys
from _thread import get_ident
from _weakref import ref
from time import sleep

from ... import boot, core, errors, patching, wire

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List, Tuple

    Arguments = Tuple[Any, ...]

_IS_TOGETHER = core.IS_FREE_THREADED
VERSIONS = ">=3.8"
EMITS = ("net.connect", "net.accept", "net.listen", "dns.resolve", "http.request", "http.serve", "ai.request", "mcp.call")

UNDO: "List[Any]" = []
_MISSING: "Any" = object()
_asked: "Dict[int, Tuple[str, Any]]" = {}  # thread to the name it asked for before the patch
_kinds: "List[Any]" = []  # socket classes that are patched
_looked_up: "Dict[str, core.Activity]" = {}
_CONNECTIONS, _ORPHANS = wire.CONNECTIONS, wire.ORPHANS


def on_connect(args: "Arguments") -> None:
    """socket.connect(socket, address)"""
    arm()
    _connect(args[0], args[1])


def _connect(sock: "Any", address: "Any") -> None:
    number = sock.fileno()
    known = _CONNECTIONS.get(ref(sock)) if type(sock).__weakrefoffset__ else _ORPHANS.get(number)
    if known is not None and known.address == address and not known.is_server:
        return  # asked again whether a connect that does not block is done
    name, path, port, transport = wire.peer(sock, address, _asked.pop(get_ident(), None))
    known = wire.Connection(wire.connected(name, path, port, transport), name or "", port, transport)
    known.address = address
    if any([isinstance(sock, kind) for kind in _kinds]):
        wire.track(sock, known)
    else:  # what talks is another object on this descriptor
        known.fileno = number
        wire.orphan(known)


def on_getaddrinfo(args: "Arguments") -> None:
    """socket.getaddrinfo(host, port, family, type, protocol)"""
    if args[0] is None:
        return
    host = wire.text_of(args[0])
    if not UNDO:  # the patch comes too late for this very call
        if not wire.is_address(host) and len(_asked) < 1000:
            _asked[get_ident()] = (host, args[1])
        arm()
    _look_up(host)


def on_gethost(args: "Arguments") -> None:
    """socket.gethostbyname(host), socket.gethostbyaddr(address)"""
    _look_up(wire.text_of(args[0]))


def _look_up(host: str, failed: int = 0) -> None:
    found = _looked_up.get(host)
    if found is None:
        if host and host != "localhost" and not wire.is_address(host):
            core.slow(_first_look_up, host)
    else:
        core.touch(found)


def _first_look_up(host: str) -> None:
    found = core.count("dns.resolve", (("dns.question.name", host.lower()),))
    if len(_looked_up) >= core.MOST_ACTIVITIES:
        _looked_up.clear()
    if not core.is_full():
        _looked_up[host] = found


def on_bind(args: "Arguments") -> None:
    """socket.bind(socket, address)"""
    arm()
    address = args[1]
    if not (isinstance(address, tuple) and len(address) >= 2 and not address[1]):
        core.slow(_bind, args[0], address)


def _bind(sock: "Any", address: "Any") -> None:
    _, host, port, transport = wire.peer(sock, address)
    if isinstance(address, tuple):
        host = str(address[0]) or "0.0.0.0"
    core.count("net.listen", (("network.local.address", host), ("network.local.port", port), ("network.transport", transport)))


def on_sendto(args: "Arguments") -> None:
    """socket.sendto(socket, address): a datagram without a connection"""
    arm()
    sock, address = args[0], args[1]
    if address is None:
        return
    known = _CONNECTIONS.get(ref(sock)) if type(sock).__weakrefoffset__ else _ORPHANS.get(sock.fileno())
    if known is None or known.address != address:
        _connect(sock, address)


def arm() -> None:
    """Patches what is not patched yet: the socket classes in use, and ssl once it is imported. A thread waits for one that is at it, at most 50 ms:
    bytes that pass meanwhile would be lost for good."""
    for _ in range(100):
        if _is_armed():
            return
        if boot.OWNER.get(0) == get_ident():
            _arm()
        elif core.slow(_arm) is None:
            sleep(0.0005)


def _is_armed() -> bool:
    modules = sys.modules
    module = modules.get("socket")
    if module is None or getattr(module, "socket", None) not in _kinds:
        return module is None or patching.is_off(UNDO) or not patching.is_supported()
    module = modules.get("gevent._socket3")
    if module is not None and getattr(module, "socket", module) not in _kinds:
        return module.__spec__ is None or getattr(module.__spec__, "_initializing", False) or not hasattr(module, "socket")
    if "ssl" in modules:
        secure = boot.LOADED.get("sensors.ssl")
        return secure is not None and secure.is_armed()
    return True


def _arm() -> bool:
    modules = sys.modules
    instrument(modules["socket"])
    other: "Any" = modules.get("gevent._socket3")
    if other is not None and hasattr(other, "socket") and other.socket not in _kinds:
        _patch_kind(other.socket)
    if "ssl" in modules:
        boot.load("sensors.ssl").arm()
    return True


def instrument(module: "Any") -> None:
    """Patches the socket class that the module holds now."""
    if patching.is_off(UNDO):
        return
    if module.socket not in _kinds:
        _patch_kind(module.socket)
    if getattr(module.getaddrinfo, "__wrapped__", None) is None:
        patching.patch(module, "getaddrinfo", _make_getaddrinfo, UNDO)


def _patch_kind(kind: "Any") -> None:
    is_native = type(getattr(kind, "sendall", None)).__name__ == "method_descriptor"  # a Python sendall (gevent) calls send: one of them counts
    for name in ("send", "sendall", "sendmsg", "sendto") if is_native else ("send", "sendmsg", "sendto"):
        patching.patch(kind, name, _make_sender(name), UNDO)
    for name in ("recv", "recvfrom", "recvmsg"):
        patching.patch(kind, name, _make_receiver(name), UNDO)
    for name in ("recv_into", "recvfrom_into"):
        patching.patch(kind, name, _make_filler(name), UNDO)
    for name, make in (("accept", _make_accept), ("listen", _make_listen), ("_sendfile_use_sendfile", _make_sendfile), ("_real_close", _make_close)):
        patching.patch(kind, name, make, UNDO)
    _kinds.append(kind)


def uninstrument() -> None:
    """Takes the patches back."""
    patching.restore(UNDO)
    _kinds.clear()


def _given(argument: "Any") -> "Tuple[Any, ...]":
    """The argument, where there is one."""
    return () if argument is _MISSING else (argument,)


def _make_sender(name: str) -> "Any":
    is_to = name == "sendto"

    def make(original: "Any") -> "Any":
        # One argument has a name because handing on `*args` and `**named` costs a fifth of a small call.
        def send(self: "Any", data: "Any" = _MISSING, /, *more: "Any", **named: "Any") -> "Any":
            known = instead = None
            try:
                known = _CONNECTIONS.get(ref(self))
                if known is None:
                    if _ORPHANS:
                        known = wire.claim(self)
                        if known is not None and known.exchange is not None and not known.is_secure and data is not _MISSING:
                            instead = known.sending(data)
                else:
                    exchange = known.exchange
                    if exchange is not None and (not exchange.is_sending or exchange.talk is not None) and not known.is_secure and data is not _MISSING:
                        instead = known.sending(data)
            except BaseException as error:
                if errors.survive("socket.send", error, UNDO):
                    raise
            if instead is not None:
                if isinstance(instead, BaseException):
                    raise instead
                data = instead
            try:
                if more or named or data is _MISSING:
                    result = original(self, *_given(data), *more, **named)
                else:
                    result = original(self, data)
            except BaseException as error:
                patching.strip(error)
                raise
            try:
                if known is None and is_to:  # the event behind the call made it known
                    known = _CONNECTIONS.get(ref(self)) or (wire.claim(self) if _ORPHANS else None)
                if known is not None:
                    size = result if result is not None else memoryview(data).nbytes
                    if known.exchange is None and not _IS_TOGETHER:  # what `sent` does then, without a call
                        known.found.bytes_out += size
                    else:
                        known.sent(size)
            except BaseException as error:
                if errors.survive("socket.send", error, UNDO):
                    raise
            return result

        return patching.disguise(send, original)

    return make


def _make_receiver(name: str) -> "Any":
    is_tuple = name != "recv"

    def make(original: "Any") -> "Any":
        def recv(self: "Any", size: "Any" = _MISSING, /, *more: "Any", **named: "Any") -> "Any":
            try:
                if more or named or size is _MISSING:
                    result = original(self, *_given(size), *more, **named)
                else:
                    result = original(self, size)
            except BaseException as error:
                patching.strip(error)
                raise
            try:
                known = _CONNECTIONS.get(ref(self))
                if known is None and _ORPHANS:
                    known = wire.claim(self)
                if known is not None:
                    data = result[0] if is_tuple else result
                    if not (more and not is_tuple and more[0] & 2):  # not MSG_PEEK
                        if known.exchange is None and not known.is_carrier and not _IS_TOGETHER:  # what `received` does then, without a call
                            known.found.bytes_in += len(data)
                        else:
                            known.received(data, len(data))
            except BaseException as error:
                if errors.survive("socket.recv", error, UNDO):
                    raise
            return result

        return patching.disguise(recv, original)

    return make


def _make_filler(name: str) -> "Any":
    is_tuple = name != "recv_into"

    def make(original: "Any") -> "Any":
        def recv_into(self: "Any", buffer: "Any" = _MISSING, /, *more: "Any", **named: "Any") -> "Any":
            try:
                if more or named or buffer is _MISSING:
                    result = original(self, *_given(buffer), *more, **named)
                else:
                    result = original(self, buffer)
            except BaseException as error:
                patching.strip(error)
                raise
            try:
                known = _CONNECTIONS.get(ref(self))
                if known is None and _ORPHANS:
                    known = wire.claim(self)
                if known is not None and buffer is not _MISSING and not (len(more) > 1 and more[1] & 2):
                    known.received(buffer, result[0] if is_tuple else result)
            except BaseException as error:
                if errors.survive("socket.recv_into", error, UNDO):
                    raise
            return result

        return patching.disguise(recv_into, original)

    return make


def _make_accept(original: "Any") -> "Any":
    def accept(self: "Any", *args: "Any", **named: "Any") -> "Any":
        try:
            result = original(self, *args, **named)
        except BaseException as error:
            patching.strip(error)
            raise
        try:
            wire.accepted(self, result[0], result[1])
        except BaseException as error:
            if errors.survive("socket.accept", error, UNDO):
                raise
        return result

    return patching.disguise(accept, original)


def _make_listen(original: "Any") -> "Any":
    def listen(self: "Any", *args: "Any", **named: "Any") -> "Any":
        try:
            result = original(self, *args, **named)
        except BaseException as error:
            patching.strip(error)
            raise
        try:
            core.slow(_listened, self)
        except BaseException as error:
            if errors.survive("socket.listen", error, UNDO):
                raise
        return result

    return patching.disguise(listen, original)


def _listened(sock: "Any") -> None:
    """A listener whose port the system chose; one that was bound to a port is known since."""
    address = sock.getsockname()
    _, host, port, transport = wire.peer(sock, address)
    found = core.activity("net.listen", (("network.local.address", host), ("network.local.port", port), ("network.transport", transport)))
    found.count = found.count or 1


def _make_sendfile(original: "Any") -> "Any":
    def _sendfile_use_sendfile(self: "Any", *args: "Any", **named: "Any") -> "Any":
        try:
            result = original(self, *args, **named)
        except BaseException as error:
            patching.strip(error)
            raise
        try:
            known = _CONNECTIONS.get(ref(self))
            if known is not None:
                known.sent(result)
        except BaseException as error:
            if errors.survive("socket.sendfile", error, UNDO):
                raise
        return result

    return patching.disguise(_sendfile_use_sendfile, original)


def _make_close(original: "Any") -> "Any":
    def _real_close(self: "Any", *args: "Any", **named: "Any") -> "Any":
        try:
            known = _CONNECTIONS.pop(ref(self), None)
            if known is not None:
                known.close()
                found = known.found
                if not found.bytes_in and not found.bytes_out and not known.is_server and self.type & 0xF == 1:
                    try:
                        self.getpeername()
                    except OSError:  # it never came up
                        found.errors += 1
        except BaseException as error:
            if errors.survive("socket.close", error, UNDO):
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
            host = args[0] if args else named.get("host")
            found = _looked_up.get(host) if isinstance(host, str) else None
            if found is not None and isinstance(error, OSError):
                found.errors += 1
            raise
        try:
            host = args[0] if args else named.get("host")
            if isinstance(host, (str, bytes, bytearray)):
                wire.learn_names(wire.text_of(host), [entry[4][0] for entry in result])
        except BaseException as error:
            if errors.survive("socket.getaddrinfo.result", error, UNDO):
                raise
        return result

    return patching.disguise(getaddrinfo, original)


core.FORGETTERS.append(_looked_up.clear)

AUDIT = {
    "socket.connect": on_connect,
    "socket.bind": on_bind,
    "socket.getaddrinfo": on_getaddrinfo,
    "socket.gethostbyaddr": on_gethost,
    "socket.gethostbyname": on_gethost,
    "socket.sendto": on_sendto,
}
