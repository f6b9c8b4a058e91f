"""HTTP/1.1 as it passes a connection: request line and Host of what is sent, status of what comes back.

Fed with the first bytes after each change of direction, so a body costs nothing. Never keeps a header or a query.
Leaves alone: HTTP/2 (its preface is recognised and the connection no longer looked at), whatever follows an upgrade, and heads
whose Host comes later than 4 KiB. Source: RFC 9112.
"""

from . import core, redact

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, Optional, Tuple

METHODS = frozenset([b"GET", b"POST", b"PUT", b"HEAD", b"DELETE", b"PATCH", b"OPTIONS", b"TRACE", b"CONNECT", b"PROPFIND", b"REPORT"])
HEAD_BYTES = 4096

_seen: "Dict[Tuple[str, str, bytes, bytes], core.Activity]" = {}


def _forget() -> None:
    _seen.clear()


core.FORGETTERS.append(_forget)


class Exchange:
    """What one connection is saying: the request that is out, and which way bytes flowed last."""

    __slots__ = ("found", "host", "is_over", "is_sending", "is_waiting", "port", "scheme")

    def __init__(self, host: str, port: "Optional[int]", scheme: str) -> None:
        self.host = host
        self.port = port
        self.scheme = scheme
        self.found: "Optional[core.Activity]" = None
        self.is_sending = False
        self.is_waiting = False  # for a status line
        self.is_over = False  # no longer HTTP/1.1

    def sent(self, data: "Any", size: int) -> None:
        """`size` bytes went out, `data` begins with them."""
        if not self.is_sending:
            self.is_sending = True
            self._request(data)
        found = self.found
        if found is not None:
            found.bytes_out += size

    def received(self, data: "Any", size: int) -> None:
        """`size` bytes came in, `data` begins with them."""
        self.is_sending = False
        found = self.found
        if found is not None:
            found.bytes_in += size
            if self.is_waiting and size >= 12:
                self._status(found, bytes(memoryview(data)[:12]))

    def _request(self, data: "Any") -> None:
        head = bytes(memoryview(data)[:16])
        method, space, _ = head.partition(b" ")
        if not space or method not in METHODS:
            if method == b"PRI":
                self.is_over = True
            return
        head = bytes(memoryview(data)[:HEAD_BYTES])
        line, _, rest = head.partition(b"\r\n")
        target, _, version = line[len(method) + 1 :].rpartition(b" ")
        if version[:7] != b"HTTP/1." and rest:
            return
        rest = rest.partition(b"\r\n\r\n")[0]
        at = (b"\r\n" + rest).lower().find(b"\r\nhost:")
        host = rest[at + 5 :].partition(b"\r\n")[0].strip() if at >= 0 else b""
        path = target.partition(b"?")[0] if method != b"CONNECT" else b""
        key = (self.host + "\t" + str(self.port), self.scheme, method + b" " + host, path)
        found = _seen.get(key)
        if found is None:
            found = core.slow(self._first, key, method.decode("ascii"), host.decode("latin-1"), path.decode("latin-1"), target)
        else:
            core.touch(found)
        self.found = found
        self.is_waiting = found is not None

    def _first(self, key: "Any", method: str, host: str, path: str, target: bytes) -> core.Activity:
        name, port = split_host(host, self.host, self.port, self.scheme)
        if method == "CONNECT":
            name, port = split_host(target.decode("latin-1"), self.host, self.port, self.scheme)
        found = core.count(
            "http.request",
            (
                ("server.address", name),
                ("server.port", port),
                ("http.request.method", method),
                ("url.scheme", self.scheme),
                ("url.template", redact.url_template(path) if path else None),
            ),
        )
        if len(_seen) < core.MOST_ACTIVITIES and not core.is_full():
            _seen[key] = found
        return found

    def _status(self, found: core.Activity, head: bytes) -> None:
        if head[:7] != b"HTTP/1." or not head[9:12].isdigit():
            self.is_waiting = False
            return
        status = int(head[9:12])
        if status == 101:
            self.is_over = True
        elif status < 200:
            return
        self.is_waiting = False
        if status >= 400:
            found.errors += 1
        if found.status != status:
            found.status = status
            found.changes = {**(found.changes or {}), "http.response.status_code": status}


def split_host(text: str, host: str, port: "Optional[int]", scheme: str) -> "Tuple[str, Optional[int]]":
    """Host and port of a Host header, completed by what is known of the connection."""
    text = text.rpartition("@")[2]
    name, colon, digits = text.rpartition(":")
    if colon and digits.isdigit() and "]" not in digits:
        return name.strip("[]").lower(), int(digits)
    if text:
        return text.strip("[]").lower(), 443 if scheme == "https" else 80
    return host, port
