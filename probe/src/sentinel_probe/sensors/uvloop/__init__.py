"""Connections and listeners of uvloop, which talks to the network without Python's sockets.

Watches: uvloop.Loop.{create_connection, create_unix_connection, create_server, create_unix_server, start_tls}. A plain connection gets a protocol of ours
between the loop and the script's protocol, and its transport a Python object in front that hands everything on: the transport's class is
compiled, and its methods cannot be replaced. With TLS nothing is put between: `ssl.SSLObject` shows the clear text (sensor `ssl`).
Emits: net.connect, net.accept, http.request, http.serve, ai.request.
Leaves alone and why: protocols with buffers of their own (asyncio.BufferedProtocol); datagrams; pipes; sockets added by add_reader. `type(transport)` is
another class with the same name.
Versions: uvloop 0.17 to 0.23. Source: https://uvloop.readthedocs.io
"""

import sys
from _weakref import ref

from ... import boot, errors, patching, records, wire

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, List

VERSIONS = ">=0.17"
EMITS = ("net.connect", "net.accept", "net.listen", "http.request", "http.serve", "ai.request", "mcp.call")
PATCHES = ("uvloop",)

UNDO: "List[Any]" = []


def instrument(module: "Any") -> None:
    """Replaces the loop's methods that make connections."""
    if UNDO:
        return
    kind = module.Loop
    patching.patch(kind, "create_connection", _make_connector(False), UNDO)
    patching.patch(kind, "create_unix_connection", _make_connector(True), UNDO)
    patching.patch(kind, "create_server", _make_server, UNDO)
    patching.patch(kind, "create_unix_server", _make_server, UNDO)
    patching.patch(kind, "start_tls", _make_start_tls, UNDO)


def uninstrument() -> None:
    """Takes the patches back."""
    patching.restore(UNDO)


class Transport:
    """Stands in front of a plain transport."""

    __slots__ = ("__weakref__", "_sentinel_known", "_sentinel_transport")

    def __init__(self, transport: "Any", known: wire.Connection) -> None:
        self._sentinel_transport = transport
        self._sentinel_known = known

    def __getattr__(self, name: str) -> "Any":
        return getattr(self._sentinel_transport, name)

    def __repr__(self) -> str:
        return repr(self._sentinel_transport)

    def write(self, data: "Any") -> None:
        """As the transport's."""
        instead = _before(self._sentinel_known, data)
        self._sentinel_transport.write(data if instead is None else instead)

    def writelines(self, data: "Any") -> None:
        """As the transport's."""
        data = list(data)
        for each in data:
            _before(self._sentinel_known, each)
        self._sentinel_transport.writelines(data)

    def get_protocol(self) -> "Any":
        """The script's protocol."""
        protocol = self._sentinel_transport.get_protocol()
        return protocol._sentinel_protocol if type(protocol) is Protocol else protocol

    def set_protocol(self, protocol: "Any") -> None:
        """Gives the connection to another protocol of the script."""
        own = self._sentinel_transport.get_protocol()
        if type(own) is Protocol and not hasattr(protocol, "get_buffer"):
            own._sentinel_protocol = protocol
        else:
            self._sentinel_transport.set_protocol(protocol)


Transport.__name__ = Transport.__qualname__ = "TCPTransport"
Transport.__module__ = "uvloop.loop"


def _before(known: wire.Connection, data: "Any") -> "Any":
    """Looks at data before it is written; counts it. Raises what refuses it."""
    instead = None
    try:
        if known.exchange is not None and not known.is_secure:
            instead = known.sending(data)
        if not isinstance(instead, BaseException):
            known.sent(memoryview(data).nbytes)
    except TypeError:  # not data at all: the transport says so
        pass
    except BaseException as error:
        if errors.survive("uvloop.write", error, UNDO):
            raise
    if isinstance(instead, BaseException):
        raise instead
    return instead


class Protocol:
    """Stands between the loop and the script's protocol."""

    __slots__ = ("__weakref__", "_sentinel_known", "_sentinel_loop", "_sentinel_protocol", "_sentinel_transport")

    def __init__(self, protocol: "Any", known: "Any") -> None:
        self._sentinel_protocol = protocol
        self._sentinel_known = known
        self._sentinel_transport: "Any" = None

    def __getattr__(self, name: str) -> "Any":
        return getattr(self._sentinel_protocol, name)

    def connection_made(self, transport: "Any") -> None:
        """The connection stands."""
        try:
            if self._sentinel_known is None:
                self._sentinel_known = _accepted(transport)
            if self._sentinel_known is not None:
                self._sentinel_transport = transport = Transport(transport, self._sentinel_known)
        except BaseException as error:
            if errors.survive("uvloop.connection", error, UNDO):
                raise
        self._sentinel_protocol.connection_made(transport)

    def data_received(self, data: "Any") -> None:
        """Data came."""
        known = self._sentinel_known
        if known is not None:
            try:
                known.received(data, len(data))
            except BaseException as error:
                if errors.survive("uvloop.read", error, UNDO):
                    raise
        self._sentinel_protocol.data_received(data)

    def eof_received(self) -> "Any":
        """The other side says no more."""
        return self._sentinel_protocol.eof_received()

    def connection_lost(self, error: "Any") -> None:
        """The connection is gone."""
        try:
            if self._sentinel_known is not None:
                self._sentinel_known.close()
        except BaseException as fault:
            if errors.survive("uvloop.close", fault, UNDO):
                raise
        self._sentinel_protocol.connection_lost(error)

    def pause_writing(self) -> None:
        """The buffer is full."""
        self._sentinel_protocol.pause_writing()

    def resume_writing(self) -> None:
        """The buffer has room again."""
        self._sentinel_protocol.resume_writing()


def _accepted(transport: "Any") -> "Any":
    local = transport.get_extra_info("sockname")
    remote = transport.get_extra_info("peername")
    is_inet = isinstance(local, tuple)
    host, port = (str(local[0]), local[1]) if is_inet else (str(local), None)
    found = records.count(
        "net.accept",
        (
            ("network.local.address", host),
            ("network.local.port", port),
            ("network.transport", "tcp" if is_inet else "unix"),
            ("network.peer.address", str(remote[0]) if isinstance(remote, tuple) and remote else None),
        ),
    )
    return wire.Connection(found, host, port, "tcp" if is_inet else "unix", True)


def _arm() -> None:
    if "socket" in sys.modules:
        boot.load("sensors.socket").arm()


def _make_connector(is_unix: bool) -> "Any":
    def make(original: "Any") -> "Any":
        async def create_connection(self: "Any", protocol_factory: "Any", *args: "Any", **named: "Any") -> "Any":
            known = None
            made: "List[Any]" = []
            given = protocol_factory
            try:
                _arm()
                known = _connecting(is_unix, args, named)
                if known is not None and not named.get("ssl"):

                    def factory() -> "Any":
                        protocol = given()
                        if hasattr(protocol, "get_buffer"):
                            return protocol
                        made.append(Protocol(protocol, known))
                        return made[0]

                    protocol_factory = factory
            except BaseException as error:
                if errors.survive("uvloop.connect", error, UNDO):
                    raise
            try:
                result = await original(self, protocol_factory, *args, **named)
            except BaseException as error:
                patching.strip(error)
                if known is not None and isinstance(error, OSError):
                    known.found.errors += 1
                raise
            if made and result[1] is made[0]:
                return made[0]._sentinel_transport or result[0], made[0]._sentinel_protocol
            return result

        return patching.disguise(create_connection, original)

    return make


def _connecting(is_unix: bool, args: "Any", named: "Any") -> "Any":
    """Connection that is asked for; None where nothing is known of the socket that the script brings."""
    sock = named.get("sock")
    if sock is not None:  # connected by the script, which the sensor of `socket` saw
        known = wire.CONNECTIONS.get(ref(sock))
        return None if known is None or named.get("ssl") else known
    if is_unix:
        path = args[0] if args else named.get("path")
        return wire.Connection(wire.connected(None, str(path), None, "unix"), "", None, "unix")
    host = args[0] if args else named.get("host")
    port = args[1] if len(args) > 1 else named.get("port")
    host = wire.text_of(host)
    name = wire.NAMES.get(host, host)
    port = port if isinstance(port, int) else int(port) if isinstance(port, str) and port.isdigit() else None
    found = wire.connected(name, host if wire.is_address(host) else None, port, "tcp")
    known = wire.Connection(found, name, port)
    if named.get("ssl"):
        wire.expect(named.get("server_hostname") or host, known)
    return known


def _make_server(original: "Any") -> "Any":
    async def create_server(self: "Any", protocol_factory: "Any", *args: "Any", **named: "Any") -> "Any":
        given = protocol_factory
        try:
            _arm()
            if not named.get("ssl"):

                def factory() -> "Any":
                    protocol = given()
                    return protocol if hasattr(protocol, "get_buffer") else Protocol(protocol, None)

                protocol_factory = factory
        except BaseException as error:
            if errors.survive("uvloop.server", error, UNDO):
                raise
        try:
            return await original(self, protocol_factory, *args, **named)
        except BaseException as error:
            patching.strip(error)
            raise

    return patching.disguise(create_server, original)


def _make_start_tls(original: "Any") -> "Any":
    async def start_tls(self: "Any", transport: "Any", *args: "Any", **named: "Any") -> "Any":
        if type(transport) is Transport:
            transport = transport._sentinel_transport
        try:
            return await original(self, transport, *args, **named)
        except BaseException as error:
            patching.strip(error)
            raise

    return patching.disguise(start_tls, original)
