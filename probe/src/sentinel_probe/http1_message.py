"""One HTTP/1.1 message out of the bytes that pass: its head, then its body without framing.

Used only where a body is looked at. Keeps at most one head of 64 KiB and one chunk line. Source: RFC 9112, sections 6 and 7.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Optional

MOST_HEAD = 65_536

HEAD, LENGTH, CHUNK_SIZE, CHUNK, CHUNK_END, TRAILER, UNTIL_CLOSE, DONE = range(8)


class Message:
    """A request or response as it arrives; `head` is None until it is whole."""

    __slots__ = ("_kept", "_left", "_state", "head", "is_response", "status")

    def __init__(self, is_response: bool) -> None:
        self.is_response = is_response
        self.head: "Optional[bytes]" = None  # start line and header lines
        self.status = 0
        self._state = HEAD
        self._left = 0
        self._kept = b""

    def is_done(self) -> bool:
        """Whether the body is complete."""
        return self._state == DONE

    def header(self, name: bytes) -> bytes:
        """Value of a header, given in lower case; empty where there is none."""
        head = self.head or b""
        at = head.lower().find(b"\r\n" + name + b":")
        if at < 0:
            return b""
        return head[at + len(name) + 3 :].partition(b"\r\n")[0].strip()

    def feed(self, data: bytes) -> bytes:
        """Body bytes in the next piece of the stream."""
        if self._state == HEAD:
            data = self._kept + data
            while self._state == HEAD:
                at = data.find(b"\r\n\r\n")
                if at < 0:
                    self._kept = data
                    if len(data) > MOST_HEAD:
                        self._kept = b""
                        self._state = DONE
                    return b""
                self._kept = b""
                self._begin(data[:at])
                data = data[at + 4 :]
        state = self._state
        if state == LENGTH:
            body = data if len(data) <= self._left else data[: self._left]
            self._left -= len(body)
            if not self._left:
                self._state = DONE
            return body
        if state == UNTIL_CLOSE:
            return data
        return b"" if state == DONE else self._chunks(data)

    def _begin(self, head: bytes) -> None:
        self.head = head
        if self.is_response:
            status = head[9:12]
            self.status = int(status) if status.isdigit() else 0
            if 100 <= self.status < 200 and self.status != 101:
                return  # an interim response; the real one follows
        length = self.header(b"content-length")
        if self.status in (101, 204, 304):
            self._state = DONE
        elif b"chunked" in self.header(b"transfer-encoding").lower():
            self._state = CHUNK_SIZE
        elif length.isdigit():
            self._left = int(length)
            self._state = LENGTH if self._left else DONE
        else:
            self._state = UNTIL_CLOSE if self.is_response else DONE

    def _chunks(self, data: bytes) -> bytes:
        data = self._kept + data
        self._kept = b""
        parts = []
        at, end = 0, len(data)
        while at < end and self._state != DONE:
            if self._state == CHUNK:
                take = min(self._left, end - at)
                parts.append(data[at : at + take])
                at += take
                self._left -= take
                if not self._left:
                    self._state = CHUNK_END
                continue
            line = data.find(b"\n", at)
            if line < 0:
                if end - at < MOST_HEAD:
                    self._kept = data[at:]
                else:
                    self._state = DONE
                break
            text = data[at:line].strip()
            at = line + 1
            if self._state == CHUNK_END:
                self._state = CHUNK_SIZE
            elif self._state == TRAILER:
                if not text:
                    self._state = DONE
            else:
                try:
                    self._left = int(text.partition(b";")[0], 16)
                except ValueError:
                    self._state = DONE
                    break
                self._state = CHUNK if self._left else TRAILER
        return b"".join(parts)
