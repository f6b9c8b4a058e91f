"""HTTP/1.1 as it passes a connection: request line and Host of what is sent, status of what comes back, and the other way round.

Fed with the first bytes after each change of direction, so a body costs nothing. Never keeps a header or a query. A connection that begins with
the preface of HTTP/2 goes on in `http2`; a request that looks like one to a model (`llm`) has its bodies read as they pass, before
they are sent.
Leaves alone: whatever follows an upgrade, heads whose Host comes later than 8 KiB, pipelined requests but the first. Source: RFC 9112.
"""

from . import boot, core, errors, records, redact

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, Optional, Tuple

METHODS = frozenset([b"GET", b"POST", b"PUT", b"HEAD", b"DELETE", b"PATCH", b"OPTIONS", b"TRACE", b"CONNECT", b"PROPFIND", b"REPORT"])
HEAD_BYTES = 8192
#: A connection that began with so many messages of another protocol (a database's) is not looked at further. A proxy's greeting takes three.
FOREIGN_MESSAGES = 6

_seen: "Dict[Any, Tuple[core.Activity, Any]]" = {}
_answered: "Dict[Any, core.Activity]" = {}
_bases: "Dict[Any, Any]" = {}


def _forget() -> None:
    _seen.clear()
    _answered.clear()


core.FORGETTERS.append(_forget)


def bytes_of(data: "Any") -> "Optional[memoryview]":
    """The bytes of anything that can be sent, list of buffers included, without a copy where there is one buffer; None where it cannot."""
    try:
        if type(data) in (list, tuple):
            return memoryview(b"".join(data))
        view = memoryview(data)
        return view if view.itemsize == 1 and view.ndim == 1 and view.c_contiguous else view.cast("B")
    except (TypeError, ValueError, BufferError):
        return None


def base_of(host: str, port: "Optional[int]", scheme: str) -> "Tuple[str, Optional[int], str]":
    """The connection's part of a key, one object for all connections to the same place."""
    base = (host, port, scheme)
    return _bases.setdefault(base, base) if len(_bases) < core.MOST_ACTIVITIES else base


class Exchange:
    """What one connection of a client is saying: the request that is out, and which way bytes flowed last."""

    __slots__ = ("_ahead", "base", "foreign", "found", "host", "is_over", "is_sending", "is_waiting", "port", "scheme", "talk")

    def __init__(self, host: str, port: "Optional[int]", scheme: str) -> None:
        self.host = host
        self.port = port
        self.scheme = scheme
        self.base = base_of(host, port, scheme)
        self.found: "Optional[core.Activity]" = None
        self.is_sending = False
        self.is_waiting = False  # for a status line
        self.is_over = False  # no longer HTTP
        self.talk: "Any" = None  # whoever looks at every byte: an HTTP/2 session, or a call to a model
        self._ahead = 0  # bytes looked at that were not sent yet
        self.foreign = 0  # messages sent so far that are another protocol's, none of HTTP

    def sending(self, data: "Any") -> "Any":
        """`data` is about to go out. Gives what is to go out in its place (as long as it), or an exception to raise; else None."""
        talk = self.talk
        if self.is_sending:
            if talk is None:
                return None
        elif talk is None or talk.is_message:
            self.is_sending = True
            self._ahead = 0
            if type(data) is bytes:
                self._request(data)
            else:
                view = bytes_of(data)
                if view is None:
                    self.is_sending = False
                    return None
                self._request(view)
            talk = self.talk
            if talk is None:
                return None
        view = bytes_of(data)
        if view is None:
            return None
        self.is_sending = True
        if len(view) <= self._ahead:
            return None
        before = bytes(view[: self._ahead])
        fresh = bytes(view[self._ahead :])
        self._ahead += len(fresh)
        try:
            answer = talk.sending(fresh)
            return before + answer if isinstance(answer, bytes) else answer
        except BaseException as error:
            self._end_talk()
            if errors.survive("body", error):
                raise
            return None

    def sent(self, size: int) -> None:
        """`size` bytes went out."""
        if self._ahead:
            self._ahead = max(0, self._ahead - size)
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
                head = bytes(memoryview(data)[:12])
                if head == b"HTTP/1.1 200" and found.status == 200:
                    self.is_waiting = False
                else:
                    self._status(found, head)
        talk = self.talk
        if talk is not None and talk.is_open:
            try:
                talk.received(bytes(memoryview(data)[:size]))
            except BaseException as error:
                self._end_talk()
                if errors.survive("body", error):
                    raise

    def close(self) -> None:
        """The connection ends."""
        talk, self.talk = self.talk, None
        if talk is not None and talk.is_open:
            talk.received(b"")

    def _end_talk(self) -> None:
        if self.talk is not None and not self.talk.is_message:
            self.is_over = True
        self.talk = None

    def _request(self, data: "Any") -> None:
        self.talk = None
        head = bytes(data if len(data) <= HEAD_BYTES else data[:HEAD_BYTES])
        line, _, rest = head.partition(b"\r\n")
        method, space, _ = line.partition(b" ")
        if method not in METHODS or not space:
            if method == b"PRI":
                self.found = None
                self.talk = boot.load("http2").Session(self.host, self.port, self.scheme)
            elif head[:1] == b"\x16" and self.found is None:  # a TLS handshake: this connection carries what another layer shows in clear
                self.is_over = True
            elif self.found is None:
                self.foreign += 1
                self.is_over = self.foreign >= FOREIGN_MESSAGES
            return
        if line[-9:-1] != b" HTTP/1.":
            if rest:
                return
            line += b" HTTP/1.1"  # cut within the line
        if rest[:6] == b"Host: ":
            host = rest[6:].partition(b"\r\n")[0]
        else:
            rest = rest.partition(b"\r\n\r\n")[0]
            at = (b"\r\n" + rest).lower().find(b"\r\nhost:")
            host = rest[at + 5 :].partition(b"\r\n")[0].strip() if at >= 0 else b""
        key = (self.base, line.partition(b"?")[0] if b"?" in line else line[:-9], host)
        entry = _seen.get(key)
        if entry is None:
            target = line[len(method) + 1 : -9]
            path = target.partition(b"?")[0] if method != b"CONNECT" else b""
            entry = first_request(self, key, method, host, path, target if method == b"CONNECT" else b"", rest)
        else:
            found = entry[0]
            found.count = number = found.count + 1
            if number >= found.due:
                core.slow(core.tick, found)
        self.found = entry[0]
        self.is_waiting = True
        if entry[1] is not None:
            self.talk = boot.load("llm_wire").Talk(entry[1])

    def _status(self, found: core.Activity, head: bytes) -> None:
        status = status_of(head)
        if status == 101:
            self.is_over = True
        elif 100 <= status < 200:
            return
        self.is_waiting = False
        if status:
            note_status(found, status)


def first_request(owner: "Any", key: "Any", method: bytes, host: bytes, path: bytes, target: bytes, head: bytes) -> "Tuple[core.Activity, Any]":
    """Counts a request that is new; gives its record, and how its bodies are to be read if they are."""
    text = path.decode("latin-1")
    name, port = split_host((target or host).decode("latin-1"), owner.host, owner.port, owner.scheme)
    found = records.count(
        "http.request",
        (
            ("server.address", name),
            ("server.port", port),
            ("http.request.method", method.decode("ascii", "replace")),
            ("url.scheme", owner.scheme),
            ("url.template", redact.url_template(text) if path else None),
        ),
    )
    shape = boot.load("llm").recognise(name, port, text, head.partition(b"\r\n\r\n")[0]) if method == b"POST" else None
    if len(_seen) >= core.MOST_ACTIVITIES:
        _seen.clear()
    if found.id and not core.is_full():
        _seen[key] = (found, shape)
    return found, shape


def request_record(owner: "Any", method: bytes, host: bytes, path: bytes, target: bytes, head: bytes) -> "Tuple[core.Activity, Any]":
    """Counts a request that a client sends over HTTP/2; as `first_request`, for known ones too."""
    key = (owner.base, method + b" " + (path or target), host)
    entry = _seen.get(key)
    if entry is None:
        return first_request(owner, key, method, host, path, target, head)
    core.touch(entry[0])
    return entry


def note_status(found: core.Activity, status: int) -> None:
    """Notes the status of an answer."""
    if status >= 400:
        found.errors += 1
    if found.status != status:
        found.status = status
        found.changes = {**(found.changes or {}), "http.response.status_code": status}


def status_of(head: bytes) -> int:
    """Status of a status line; 0 for what is none."""
    return int(head[9:12]) if head[:7] == b"HTTP/1." and head[9:12].isdigit() else 0


def split_host(text: str, host: str, port: "Optional[int]", scheme: str) -> "Tuple[str, Optional[int]]":
    """Host and port of a Host header, completed by what is known of the connection."""
    text = text.rpartition("@")[2]
    name, colon, digits = text.rpartition(":")
    if colon and digits.isdigit() and "]" not in digits:
        return name.strip("[]").lower(), int(digits)
    if text:
        name = text.strip("[]").lower()
        return name, port if name == host else 443 if scheme == "https" else 80
    return host, port


class Answering:
    """The other side: what a connection that a listener accepted is asked for, and answers."""

    foreign = 0
    __slots__ = ("found", "host", "is_over", "is_receiving", "is_sending", "is_waiting", "port", "scheme", "talk")

    def __init__(self, host: str, port: "Optional[int]", scheme: str) -> None:
        self.host = host
        self.port = port
        self.scheme = scheme
        self.found: "Optional[core.Activity]" = None
        self.is_receiving = False
        self.is_sending = False  # never, so that whatever goes out is looked at; as `Exchange.is_sending`
        self.is_waiting = False  # for the status line of our answer
        self.is_over = False
        self.talk: "Any" = None

    def sending(self, data: "Any") -> "Any":
        """`data` is about to go out; never replaced."""
        if self.talk is not None:
            view = bytes_of(data)
            if view is not None:
                self.talk.sending(bytes(view))
        elif self.is_receiving:
            self.is_receiving = False
            found = self.found
            view = bytes_of(data) if self.is_waiting else None
            if found is not None and view is not None and len(view) >= 12:
                status = status_of(bytes(view[:12]))
                self.is_over = status == 101
                if status >= 200 or status in (0, 101):
                    self.is_waiting = False
                    if status:
                        note_status(found, status)
        return None

    def sent(self, size: int) -> None:
        """`size` bytes went out."""
        if self.found is not None:
            self.found.bytes_out += size

    def received(self, data: "Any", size: int) -> None:
        """`size` bytes came in, `data` begins with them."""
        if self.talk is not None:
            self.talk.received(bytes(memoryview(data)[:size]))
        elif not self.is_receiving and size:
            self.is_receiving = True
            self._asked(bytes(memoryview(data)[: min(size, HEAD_BYTES)]))
            if self.talk is not None:
                self.talk.received(bytes(memoryview(data)[:size]))
        if self.found is not None:
            self.found.bytes_in += size

    def close(self) -> None:
        """The connection ends."""

    def _asked(self, head: bytes) -> None:
        method, space, rest = head.partition(b" ")
        if not space or method not in METHODS:
            if method == b"PRI":
                self.talk = boot.load("http2").Session(self.host, self.port, self.scheme, True)
            elif not self.is_waiting:
                self.is_over = head[:1] == b"\x16" and self.found is None
                self.found = None
            return
        target, space, rest = rest.partition(b" ")
        if space and rest[:7] != b"HTTP/1.":
            return
        path = b"" if method == b"CONNECT" else target.partition(b"\r\n")[0].partition(b"?")[0]
        self.found = served_record(self, method, path)
        self.is_waiting = True


def served_record(owner: "Any", method: bytes, path: bytes) -> core.Activity:
    """Counts a request that a listener of ours received."""
    key = (owner.host, owner.port, owner.scheme, method, path)
    found = _answered.get(key)
    if found is not None:
        core.touch(found)
        return found
    found = records.count(
        "http.serve",
        (
            ("network.local.address", key[0]),
            ("network.local.port", key[1]),
            ("http.request.method", key[3].decode("ascii", "replace")),
            ("url.scheme", key[2]),
            ("url.template", redact.url_template(path.decode("latin-1")) if path else None),
        ),
    )
    if len(_answered) >= core.MOST_ACTIVITIES:
        _answered.clear()
    if found.id and not core.is_full():
        _answered[key] = found
    return found
