"""A call to a model, or to an MCP server, over HTTP/1.1: both messages of one exchange, handed on without framing."""

from . import boot
from .http1_message import Message

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Talk:
    """One request and its response."""

    __slots__ = ("_asked", "_answer", "_call", "_is_headed", "_is_put", "is_open")
    #: A message of its own, so that the next request ends it.
    is_message = True

    def __init__(self, shape: "Any") -> None:
        self._call = boot.load("llm").Call(shape)
        self._asked = Message(False)
        self._answer = Message(True)
        self._is_put = False  # whether the request is complete
        self._is_headed = False
        self.is_open = True

    def sending(self, data: bytes) -> "Any":
        """Bytes about to go out; gives what is to go out in their place, an exception to raise, or None."""
        if self._is_put:
            return None
        asked = self._asked
        was_headed = asked.head is not None
        body = asked.feed(data)
        if not was_headed and asked.head is not None:
            self._call.request_head(asked.header)
        if body:
            self._call.request_body(body)
        if not asked.is_done():
            return self._call.request_part() if body else None
        self._is_put = True
        answer = self._call.request_end(self._call.is_in_one and data.endswith(body))
        if isinstance(answer, bytes):
            return data[: len(data) - len(body)] + answer if len(answer) == len(body) else None
        return answer

    def received(self, data: bytes) -> None:
        """Bytes that came in; none at the end of the connection."""
        call = self._call
        if not self._is_put:  # the answer comes before the end of the request, or its framing was not understood
            self._is_put = True
            call.request_end()
        answer = self._answer
        if data:
            body = answer.feed(data)
            if not self._is_headed and answer.status >= 200:
                self._is_headed = True
                call.response_head(answer.status, answer.header)
            if body:
                call.response_body(body)
        if answer.is_done() or not data:
            self.is_open = False
            call.response_end()
