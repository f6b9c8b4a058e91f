"""HTTP/2 as it passes a connection: method, host, path and status of each stream, and bodies where a model is asked.

Both directions are followed from the preface on, because the header tables depend on every block. Payloads of no interest are skipped by
their length. What breaks the rules ends the looking, never the connection. Counts the bytes of frames for each request.
Leaves alone: upgrades from HTTP/1.1 (`h2c`), pushed responses, HTTP/3. Source: RFC 9113.
"""

from . import boot, hpack, http1

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List, Optional, Tuple

PREFACE_BYTES = 24
DATA, HEADERS, RESET, PUSH, CONTINUATION = 0, 1, 3, 5, 9
END_STREAM, END_HEADERS, PADDED, PRIORITY = 0x1, 0x4, 0x8, 0x20
MOST_BLOCK = 65_536
MOST_STREAMS = 2_000


class _Stream:
    """A request and what is known of it."""

    __slots__ = ("call", "found")

    def __init__(self, found: "Any", call: "Any") -> None:
        self.found = found
        self.call = call


class _Frames:
    """Frames of one direction."""

    __slots__ = ("_block", "_flags", "_kept", "_kind", "_left", "_number", "_session", "decoder", "is_asking")

    def __init__(self, session: "Session", is_asking: bool, skipped: int) -> None:
        self._session = session
        self.is_asking = is_asking  # the direction of requests
        self.decoder = hpack.Decoder()
        self._kept = b""
        self._block: "List[bytes]" = []
        self._kind = -1 if skipped else -2  # -1: bytes to skip; -2: a frame's head is next
        self._left = skipped
        self._flags = self._number = 0

    def feed(self, data: bytes) -> None:
        if self._kept:
            data = self._kept + data
            self._kept = b""
        at, end = 0, len(data)
        while at < end:
            if self._kind == -2:
                if end - at < 9:
                    self._kept = data[at:]
                    return
                self._left = int.from_bytes(data[at : at + 3], "big")
                kind = data[at + 3]
                self._flags = data[at + 4]
                self._number = int.from_bytes(data[at + 5 : at + 9], "big") & 0x7FFFFFFF
                at += 9
                is_block = kind in (HEADERS, CONTINUATION, PUSH)
                if is_block and self._left > MOST_BLOCK:
                    raise ValueError("header block too large")
                self._kind = kind if is_block or kind in (DATA, RESET) else -1 if self._left else -2
                if self._kind == -2 or self._left and at == end:
                    continue
            take = min(self._left, end - at)
            if self._kind in (HEADERS, CONTINUATION, PUSH):
                if take < self._left:  # wait for the whole frame
                    self._kept = data[at:]
                    return
                self._headers(data[at : at + take])
            elif self._kind == DATA:
                self._session.data(self, self._number, data[at : at + take], take, self._left == take, self._flags)
            elif self._kind == RESET:
                self._session.reset(self._number)
            at += take
            self._left -= take
            if not self._left:
                self._kind = -2

    def _headers(self, payload: bytes) -> None:
        start, end = 0, len(payload)
        if self._kind != CONTINUATION:
            if self._flags & PADDED:
                start, end = 1, end - payload[0]
            if self._kind == PUSH:
                start += 4
            elif self._flags & PRIORITY:
                start += 5
        self._block.append(payload[start:end])
        if self._kind == HEADERS:
            self._session.ends = bool(self._flags & END_STREAM)
        if not self._flags & END_HEADERS:
            if sum([len(part) for part in self._block]) > MOST_BLOCK:
                raise ValueError("header block too large")
            return
        block = b"".join(self._block)
        del self._block[:]
        headers = self.decoder.decode(block)
        if self._kind != PUSH:
            self._session.headers(self, self._number, headers, len(block) + 9)


class Session:
    """One HTTP/2 connection, from its preface on."""

    __slots__ = ("_in", "_out", "_refusal", "_streams", "base", "ends", "host", "is_open", "port", "scheme")
    #: Not one message but a connection of many.
    is_message = False

    def __init__(self, host: str, port: "Optional[int]", scheme: str, is_server: bool = False) -> None:
        self.host = host
        self.port = port
        self.scheme = scheme
        self.base = http1.base_of(host, port, scheme)
        self.is_open = True
        self.ends = False  # whether the header block under way ends its stream
        self._refusal: "Any" = None
        self._streams: "Dict[int, _Stream]" = {}
        self._out = _Frames(self, not is_server, 0 if is_server else PREFACE_BYTES)
        self._in = _Frames(self, is_server, PREFACE_BYTES if is_server else 0)

    def sending(self, data: bytes) -> "Any":
        """Bytes about to go out; gives an exception where a call to a model in them is refused."""
        self._refusal = None
        self._feed(self._out, data)
        return self._refusal

    def received(self, data: bytes) -> None:
        """Bytes that came in; none at the end of the connection."""
        if data:
            self._feed(self._in, data)
        else:
            for number, stream in list(self._streams.items()):
                self._end(number, stream)

    def _feed(self, frames: _Frames, data: bytes) -> None:
        if self.is_open:
            try:
                frames.feed(data)
            except (ValueError, IndexError):  # not HTTP/2 after all, or broken; what comes cannot be read without what came
                self.is_open = False
                self._streams.clear()

    def headers(self, frames: _Frames, number: int, headers: "List[Tuple[bytes, bytes]]", size: int) -> None:
        """A header block of a stream."""
        stream = self._streams.get(number)
        if frames.is_asking:
            if stream is None:
                self._asked(frames, number, dict(headers), size)
                stream = self._streams.get(number)
            if stream is not None and self.ends and stream.call is not None:
                self._ask(stream.call)
        elif stream is not None:
            fields = dict(headers)
            status = fields.get(b":status", b"")
            self._count(frames, stream, size)
            if status.isdigit() and stream.found is not None and int(status) >= 200:
                http1.note_status(stream.found, int(status))
                if stream.call is not None:
                    stream.call.response_head(int(status), fields.get)
            if self.ends:
                self._end(number, stream)

    def _asked(self, frames: _Frames, number: int, fields: "Dict[bytes, bytes]", size: int) -> None:
        method, path = fields.get(b":method", b""), fields.get(b":path", b"")
        if not method or len(self._streams) >= MOST_STREAMS:
            return
        path = path.partition(b"?")[0]
        shape = None
        if frames is self._out:
            host = fields.get(b":authority") or fields.get(b"host") or b""
            head = b"\r\n".join([b"%s: %s" % (name, fields[name]) for name in (b"accept", b"content-type", b"mcp-session-id") if name in fields])
            found, shape = http1.request_record(self, method, host, path, host if method == b"CONNECT" else b"", head)
        else:
            found = http1.served_record(self, method, path)
        call = boot.load("llm").Call(shape) if shape is not None else None
        if call is not None:
            call.request_head(fields.get)
        stream = self._streams[number] = _Stream(found, call)
        self._count(frames, stream, size)

    def data(self, frames: _Frames, number: int, data: bytes, size: int, is_last: bool, flags: int) -> None:
        """A piece of a DATA frame."""
        stream = self._streams.get(number)
        if stream is None:
            return
        self._count(frames, stream, size)
        call = stream.call
        ends = is_last and flags & END_STREAM
        if call is not None:
            if flags & PADDED:  # nobody pads; a padded body is not read
                stream.call = None
            elif frames.is_asking:
                call.request_body(data)
                self._ask(call.request_end(False) if ends else call.request_part())
            else:
                call.response_body(data)
        if ends and not frames.is_asking:
            self._end(number, stream)

    def _ask(self, answer: "Any") -> None:
        if isinstance(answer, BaseException):  # a body in frames is not replaced
            self._refusal = answer

    def reset(self, number: int) -> None:
        """A stream was given up by one side."""
        stream = self._streams.get(number)
        if stream is not None:
            self._end(number, stream)

    def _count(self, frames: _Frames, stream: _Stream, size: int) -> None:
        if stream.found is not None:
            if frames is self._out:
                stream.found.bytes_out += size
            else:
                stream.found.bytes_in += size

    def _end(self, number: int, stream: _Stream) -> None:
        self._streams.pop(number, None)
        if stream.call is not None:
            stream.call.response_end()
