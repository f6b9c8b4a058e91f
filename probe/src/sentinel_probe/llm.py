"""Calls to models, from the bytes on the wire: provider, model, operation, tokens, size of the prompt, and kinds of what is in it.

A request is looked at when host or path look like a model's (`llm_hosts`); its body is read before it is sent, at most 1 MB of it. The response
is read as it passes, with bounded memory. No text of a prompt or an answer is kept or leaves the process.
Emits: ai.request, and mcp.call for JSON-RPC over HTTP.
Source: OpenTelemetry semantic conventions for generative AI; the providers' API references named in `llm_hosts`, `llm_request` and `llm_response`.
"""

from . import boot, core, http1, records

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, List, Optional, Tuple

    Header = Callable[[bytes], Optional[bytes]]

MOST_BODY = 1_000_000
#: The same where policies decide: what was not read cannot be kept from leaving.
MOST_JUDGED = 16_000_000
#: What is kept of the end of a longer body: the model's name often comes last.
MOST_TAIL = 4_096

_found: "Dict[Any, core.Activity]" = {}


def decide(found: core.Activity, facts: "Any" = (), body: bytes = b"") -> "Any":
    """Asks the policies before the body is sent: None to go on, an exception to refuse, or bytes of the same length to send instead."""
    deciding = core.deciding()
    if deciding is None:
        return None
    verdict = core.slow(deciding.decide, found, facts)
    refusal, found.refusal = found.refusal, None  # of this request, not of all that go there
    if refusal is None and verdict is not None and verdict.enforced == "redact":
        clean = boot.load("llm_redact").redacted(body)
        if clean is not None:
            return clean
        for statement, _ in verdict.matches:
            if statement.effect == "redact":
                refusal = boot.load("blocking").refusal(statement, found.type, "that could not be redacted")
    return None if refusal is None else boot.load("blocking").made_ready(refusal)


def recognise(host: str, port: "Optional[int]", path: str, head: bytes) -> "Any":
    """What a posted request asks of a model or an MCP server, by host, path and head; None for neither."""
    lowered = head.lower()
    if b"text/event-stream" in lowered and b"application/json" in lowered or b"mcp-session-id:" in lowered:
        return ("mcp", host, port, "", "", "", False)
    shape = boot.load("llm_hosts").shape(host, port, path)
    if shape is None:
        return None
    core.slow(boot.load("llm_request").prepare)
    return ("ai", host, port, *shape)


class Call:
    """One request to a model, fed with heads and bodies by whoever reads the wire."""

    __slots__ = ("_body", "_found", "_is_ended", "_is_form", "_most", "_reader", "_shape", "_size", "_tail")

    def __init__(self, shape: "Any") -> None:
        self._shape = shape
        self._body: "List[bytes]" = []
        self._size = 0
        self._most = MOST_BODY if core.deciding() is None else MOST_JUDGED
        self._tail = b""
        self._is_form = b""
        self._is_ended = False
        self._found: "Optional[core.Activity]" = None
        self._reader: "Any" = None

    def request_head(self, header: "Header") -> None:
        """The head of the request, as a function that gives headers."""
        kind = header(b"content-type") or b""
        if b"multipart/form-data" in kind:
            self._is_form = kind

    def request_body(self, data: bytes) -> None:
        """A piece of the request's body."""
        room = self._most - self._size
        self._size += len(data)
        if room > 0:
            self._body.append(data[:room])
            data = data[room:]
        if data:
            self._tail = (self._tail + data[-MOST_TAIL:])[-MOST_TAIL:]

    @property
    def is_in_one(self) -> bool:
        """Whether the body so far came in one piece."""
        return len(self._body) < 2

    def request_part(self) -> "Any":
        """More of the body is to come, and this piece is about to be sent: an exception where a policy refuses what it holds, as it cannot be taken back."""
        if core.deciding() is None or self._shape[0] == "mcp" or self._size > self._most:
            return None
        core.slow(boot.load("llm_request").prepare)
        request = boot.load("llm_request")
        if not any(request.kinds(b"".join(self._body[-2:]))):
            return None
        body = b"".join(self._body)
        prompt = request.read(body, self._is_form, b"", True, len(body))
        _, host, port, provider, operation, model, is_stream = self._shape
        if prompt is None:
            return None
        key = (provider, operation, model or prompt.model, host, port, is_stream or prompt.is_streaming)
        found = _found.get(key) or _first(key)
        return decide(found, tuple(prompt.facts().items()))

    def request_end(self, is_whole: bool = True) -> "Any":
        """The request is complete, and about to be sent: counts it. Gives the decision. What is not whole is refused where it was to be redacted."""
        if self._is_ended:
            return None
        self._is_ended = True
        body = b"".join(self._body)
        self._body = []
        kind, host, port, provider, operation, model, is_stream = self._shape
        if kind == "mcp":
            self._found = boot.load("mcp").count_request(body, host, port)
            return None if self._found is None else decide(self._found)
        is_cut = self._size > self._most
        most = () if core.deciding() is None else (len(body),)
        prompt = boot.load("llm_request").read(body, self._is_form, self._tail, is_cut, *most)
        self._tail = b""
        if prompt is None:
            return None
        key = (provider, operation, model or prompt.model, host, port, is_stream or prompt.is_streaming)
        found = _found.get(key)
        if found is None:
            found = _first(key)
        else:
            core.touch(found)
        found.bytes_out += self._size
        facts = prompt.facts()
        if is_cut:
            facts["sentinel.ai.prompt_cut"] = "true"
        records.add(found, facts)
        self._found = found
        if core.deciding() is None:
            return None
        # Of a body that was not read to its end it is unknown whether there are more: `on_unknown` says what that means.
        kinds = {} if is_cut else {"sentinel.ai.secret_kinds": (), "sentinel.ai.pii_kinds": (), "sentinel.ai.attachments": 0}
        asked = {**kinds, **facts, "sentinel.ai.prompt_cut": is_cut}
        return decide(found, tuple(asked.items()), b"" if is_cut or self._is_form or not is_whole else body)

    def response_head(self, status: int, header: "Header") -> None:
        """Status and head of the response."""
        found = self._found
        if found is None:
            return
        if found.type == "ai.request":
            http1.note_status(found, status)
        elif status >= 400:
            found.errors += 1
        if status < 400 and found.type == "ai.request":
            self._reader = boot.load("llm_response").Reader(header)

    def response_body(self, data: bytes) -> None:
        """A piece of the response's body."""
        if self._found is not None:
            self._found.bytes_in += len(data)
            if self._reader is not None:
                self._reader.feed(data)

    def response_end(self) -> None:
        """The response is complete, or the connection is gone."""
        if not self._is_ended:
            self.request_end()
        found, reader = self._found, self._reader
        self._reader = None
        if found is not None and reader is not None:
            records.add(found, reader.facts())
            core.slow(core.tick, found)


def _first(key: "Tuple[str, str, str, str, Optional[int], bool]") -> core.Activity:
    provider, operation, model, host, port, is_streaming = key
    found = records.count(
        "ai.request",
        (
            ("gen_ai.provider.name", provider),
            ("gen_ai.operation.name", operation),
            ("gen_ai.request.model", model),
            ("server.address", host),
            ("server.port", port),
            ("sentinel.ai.streaming", "true" if is_streaming else None),
        ),
    )
    if len(_found) >= core.MOST_ACTIVITIES:
        _found.clear()
    if found.id and not core.is_full():
        _found[key] = found
    return found


def _forget() -> None:
    _found.clear()


core.FORGETTERS.append(_forget)
