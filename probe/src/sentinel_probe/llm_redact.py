"""Takes secrets and personal data out of a request's body before it is sent, without changing its length.

Every character of a value becomes `*` (as many as it has bytes), so lengths, framing and signatures of lengths stay right. What comes out is read
again: where a value is still there, or the JSON is broken, the body cannot be redacted and must not be sent.
"""

from . import boot, llm_request

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, List, Optional, Tuple


def redacted(body: bytes) -> "Optional[bytes]":
    """The body without the values, of the same length; None where that cannot be done."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return None
    parts: "List[str]" = []
    at = 0
    for start, end in _spans(text):
        start = max(start, at)
        if end > start:
            parts.append(text[at:start])
            parts.append("*" * len(text[start:end].encode()))
            at = end
    parts.append(text[at:])
    clean = "".join(parts).encode()
    again = llm_request.read(clean, b"", b"", False, len(clean))
    if len(clean) != len(body) or again is None or again.secrets or again.pii:
        return None
    return clean


def _spans(text: str) -> "List[Tuple[int, int]]":
    """Places of values, in order; they may overlap."""
    pack = llm_request._packs[0] if llm_request._packs else None
    spans = [(match.start, match.end) for match in pack.find(text)] if pack is not None else []
    personal: "Any" = boot.load("pii")
    spans += [(start, end) for _, start, end in personal.spans(text)]
    return sorted(spans)
