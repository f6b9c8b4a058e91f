"""Connections under way: which socket counts for which record, and what it says in HTTP.

Filled by the sensor of `socket` (and by those of other transports), read by every sensor that sees bytes pass.
"""

import os
from _weakref import ref

from . import core, http1, records

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List, Optional, Tuple

_IS_TOGETHER = core.IS_FREE_THREADED
#: Open connections: weak reference to the socket, to what is known of it. The key is the socket's one reference without a callback, kept alive here, so
#: that `ref(sock)` gives that very object: no allocation, and found by identity.
CONNECTIONS: "Dict[Any, Connection]" = {}
#: Connections whose socket object is not (or no longer) the one that talks, by descriptor: a TLS socket takes its own from here.
ORPHANS: "Dict[int, Connection]" = {}
MOST_ORPHANS = 200
#: IP address to the name that it was last looked up for.
NAMES: "Dict[str, str]" = {}
MOST_NAMES = 2_000
#: The TLS carrier that last received bytes: whose clear text a TLS object without a socket reads next.
CARRIER: "List[Optional[Connection]]" = [None]

#: Server name to the connection that a native loop makes under a TLS object.
_expected: "Dict[str, Connection]" = {}

_accepted: "Dict[Any, core.Activity]" = {}


class Connection:
    """One connection: the record it counts for, and what it says in HTTP."""

    __slots__ = ("address", "exchange", "fileno", "found", "guard", "is_carrier", "is_secure", "is_server", "name", "port", "transport")

    def __init__(self, found: core.Activity, name: str, port: "Optional[int]", transport: str = "tcp", is_server: bool = False) -> None:
        self.found = found
        self.name = name
        self.port = port
        self.transport = transport
        self.is_server = is_server
        self.address: "Any" = None  # as given to connect
        self.fileno = -1
        self.guard: "Any" = None  # tells when the socket goes
        self.is_secure = False  # whether `exchange` reads clear text that another layer shows
        self.is_carrier = False  # whether its bytes are TLS records
        self.exchange: "Any" = None if transport == "udp" else self.make_exchange(name, "http")

    def make_exchange(self, name: str, scheme: str) -> "Any":
        """Who reads what passes, for that side of the connection."""
        return http1.Answering(name, self.port, scheme) if self.is_server else http1.Exchange(name, self.port, scheme)

    def sending(self, data: "Any") -> "Any":
        """`data` is about to go out in clear; see `http1.Exchange.sending`."""
        exchange = self.exchange
        answer = exchange.sending(data)
        if exchange.is_over:
            self._end(exchange)
        return answer

    def sent(self, size: int) -> None:
        """`size` bytes went out."""
        if _IS_TOGETHER:
            core.add(self.found, bytes_out=size)
        else:
            self.found.bytes_out += size
        exchange = self.exchange
        if exchange is not None and not self.is_secure:
            exchange.sent(size)

    def received(self, data: "Any", size: int) -> None:
        """`size` bytes came in; `data` begins with them."""
        if _IS_TOGETHER:
            core.add(self.found, bytes_in=size)
        else:
            self.found.bytes_in += size
        exchange = self.exchange
        if exchange is not None and not self.is_secure:
            exchange.received(data, size)
            if exchange.is_over:
                self._end(exchange)
        elif self.is_carrier:
            CARRIER[0] = self

    def _end(self, exchange: "Any") -> None:
        self.exchange = None
        self.is_carrier = exchange.found is None and exchange.foreign < http1.FOREIGN_MESSAGES
        if self.is_carrier:
            CARRIER[0] = self

    def secure(self, name: str) -> None:
        """From now on a TLS layer shows the clear text."""
        self.is_secure = True
        self.exchange = self.make_exchange(name, "https")

    def close(self) -> None:
        """The connection ends."""
        if self.exchange is not None:
            self.exchange.close()


class _Guard(ref):  # type: ignore[type-arg]
    """Tells when a socket goes."""

    __slots__ = ("key",)
    if TYPE_CHECKING:
        key: Any


def track(sock: "Any", known: Connection) -> None:
    """Remembers a socket's connection until the socket goes."""
    known.fileno = sock.fileno()
    ORPHANS.pop(known.fileno, None)
    _keep(sock, known)


def _keep(sock: "Any", known: Connection) -> None:
    try:
        key = ref(sock)
    except TypeError:  # a bare _socket.socket
        orphan(known)
        return
    known.guard = _Guard(sock, drop)
    known.guard.key = key
    CONNECTIONS[key] = known


def orphan(known: Connection) -> None:
    """Keeps a connection for the object that takes its descriptor over."""
    if len(ORPHANS) >= MOST_ORPHANS:
        ORPHANS.clear()
    if known.fileno >= 0:
        ORPHANS[known.fileno] = known


def drop(reference: "Any") -> None:
    """A socket went without a close: detached, so that something took it over."""
    known = CONNECTIONS.pop(reference.key, None)
    if known is not None:
        orphan(known)


def claim(sock: "Any") -> "Optional[Connection]":
    """Connection of a socket that took over a descriptor, if there is one."""
    number = sock.fileno()
    known = ORPHANS.get(number)
    if known is None or (known.transport == "unix") != (sock.family not in (2, 10, 23, 30)):
        return None
    del ORPHANS[number]
    _keep(sock, known)
    return known


def take_over(sock: "Any") -> "Optional[Connection]":
    """As `claim`, also from a plain socket that still lives but no longer has its descriptor."""
    known = CONNECTIONS.get(ref(sock)) or claim(sock)
    if known is None:
        number = sock.fileno()
        for reference, other in list(CONNECTIONS.items()):
            if other.fileno == number and other.found is not None:
                plain = reference()
                if plain is None or plain.fileno() in (-1, number):
                    CONNECTIONS.pop(reference, None)
                    _keep(sock, other)
                    return other
    return known


def expect(name: str, known: Connection) -> None:
    """Remembers a connection that only its TLS object will show."""
    if len(_expected) > MOST_ORPHANS:
        _expected.clear()
    _expected[name] = known


def expected(name: str) -> "Optional[Connection]":
    """The connection that a TLS object for that name belongs to, where no socket shows it."""
    return _expected.get(name)


def text_of(host: object) -> str:
    """A host as it was given, as text."""
    return bytes(host).decode("latin-1") if isinstance(host, (bytes, bytearray)) else str(host)


def is_address(host: str) -> bool:
    """Whether the text is an IP address rather than a name."""
    return ":" in host or host.replace(".", "").isdigit()


def peer(sock: "Any", address: "Any", asked: "Any" = None) -> "Tuple[Optional[str], Optional[str], Optional[int], str]":
    """Name, IP address or path, port and transport of an address; `asked` is the name and port that were looked up last."""
    if isinstance(address, tuple) and len(address) >= 2:
        host, port = text_of(address[0]), address[1]
        name = NAMES.get(host)
        if name is None and asked is not None and str(asked[1]) == str(port):
            NAMES[host] = name = asked[0]
        return name or host, host if is_address(host) else None, port if isinstance(port, int) else None, "udp" if sock.type & 0xF == 2 else "tcp"
    path = os.fsdecode(address) if isinstance(address, (str, bytes)) else str(type(address).__name__)
    return None, path.replace("\0", "@"), None, "unix"


def learn_names(host: str, addresses: "Any") -> None:
    """Remembers the name that addresses were looked up for."""
    if is_address(host):  # asked for by address: whatever name it had is not what is meant now
        NAMES.pop(host, None)
        return
    if len(NAMES) > MOST_NAMES:
        NAMES.clear()
    for address in addresses:
        NAMES[address] = host


def connected(
    name: "Optional[str]", path: "Optional[str]", port: "Optional[int]", transport: str, library: "Optional[str]" = None, failed: int = 0
) -> core.Activity:
    """Counts a connection."""
    found = records.count(
        "net.connect",
        (("server.address", name), ("server.port", port), ("network.transport", transport), ("sentinel.network.library", library)),
        failed,
    )
    if path and found.changes is None and (found.attributes is not None or found.count == 1):
        found.changes = {"network.peer.address": path}
    return found


def accepted(listener: "Any", sock: "Any", address: "Any") -> None:
    """A listener of the run took a connection."""
    local = listener.getsockname()
    _, host, port, transport = peer(listener, local)
    key = (host, port, address[0] if isinstance(address, tuple) and address else "")
    found = _accepted.get(key)
    if found is None:
        found = _first(key, transport)
    else:
        core.touch(found)
    track(sock, Connection(found, host or "", port, transport, True))


def _first(key: "Any", transport: str) -> core.Activity:
    found = records.count(
        "net.accept",
        (("network.local.address", key[0]), ("network.local.port", key[1]), ("network.transport", transport), ("network.peer.address", key[2])),
    )
    if len(_accepted) >= core.MOST_ACTIVITIES:
        _accepted.clear()
    if found.id and not core.is_full():
        _accepted[key] = found
    return found


def _forget() -> None:
    # Connections that the parent opened belong to the parent's run, even if the child goes on using them.
    CONNECTIONS.clear()
    ORPHANS.clear()
    _accepted.clear()
    _expected.clear()
    CARRIER[0] = None


core.FORGETTERS.append(_forget)
