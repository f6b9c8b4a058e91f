"""What a model's answer says of itself: tokens, model, tool calls. JSON, event streams (SSE), JSON lines, and Amazon's event stream.

Fed with the body as it passes; content encodings are undone with what the client itself has loaded (gzip and deflate with zlib; br and zstd where the
script's own library is there). Memory is bounded: a JSON body of more than 1 MB is read by its end, a line of more than 1 MB is skipped.
Source: the providers' API references; https://html.spec.whatwg.org/multipage/server-sent-events.html;
https://smithy.io/2.0/aws/amazon-eventstream.html; RFC 9110, section 8.4.
"""

import re
import sys
import zlib

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, List, Optional, Set

MOST_BODY = 1_000_000
MOST_TAIL = 65_536

INPUT, OUTPUT = "gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens"
CACHE_READ, CACHE_CREATED = "gen_ai.usage.cache_read.input_tokens", "gen_ai.usage.cache_creation.input_tokens"

#: Names of one number at the different providers.
_NUMBERS = {
    "prompt_tokens": INPUT,
    "input_tokens": INPUT,
    "inputTokens": INPUT,
    "promptTokenCount": INPUT,
    "prompt_eval_count": INPUT,
    "inputTokenCount": INPUT,
    "inputTextTokenCount": INPUT,
    "completion_tokens": OUTPUT,
    "output_tokens": OUTPUT,
    "outputTokens": OUTPUT,
    "candidatesTokenCount": OUTPUT,
    "eval_count": OUTPUT,
    "outputTokenCount": OUTPUT,
    "cache_read_input_tokens": CACHE_READ,
    "cacheReadInputTokens": CACHE_READ,
    "cacheReadInputTokenCount": CACHE_READ,
    "cachedContentTokenCount": CACHE_READ,
    "cached_tokens": CACHE_READ,
    "prompt_cache_hit_tokens": CACHE_READ,
    "cache_creation_input_tokens": CACHE_CREATED,
    "cacheWriteInputTokens": CACHE_CREATED,
    "cacheWriteInputTokenCount": CACHE_CREATED,
}
#: A line of a stream without any of these says nothing that is wanted.
_TELLING = (b"sage", b"oken", b"tool", b"unctionCall", b"_count", b"nvocationMetrics", b"completed", b"etaData", b'"bytes"')
_TOOL_BLOCKS = frozenset(["tool_use", "server_tool_use", "mcp_tool_use"])
_USAGE = re.compile(rb'"(?:usage|usageMetadata|meta)"\s*:\s*\{')
_MODEL = re.compile(rb'"(?:model|modelVersion)"\s*:\s*"([^"\\]{1,200})"')


class Reader:
    """One answer."""

    __slots__ = (
        "_begun",
        "_calls",
        "_decode",
        "_events",
        "_head",
        "_header",
        "_is_cut",
        "_is_over",
        "_line",
        "_mode",
        "_model",
        "_numbers",
        "_parts",
        "_tail",
        "_tools",
        "_unread",
    )

    def __init__(self, header: "Callable[[bytes], Optional[bytes]]") -> None:
        kind = (header(b"content-type") or b"").lower()
        self._mode = (
            "lines"
            if b"text/event-stream" in kind or b"ndjson" in kind or b"jsonl" in kind or b"jsonlines" in kind or b"stream+json" in kind
            else "binary"
            if b"amazon.eventstream" in kind
            else "json"
        )
        self._unread = ""
        self._decode = self._decoder((header(b"content-encoding") or b"").strip().lower())
        self._numbers: "Dict[str, int]" = {}
        for name, to in ((b"x-amzn-bedrock-input-token-count", INPUT), (b"x-amzn-bedrock-output-token-count", OUTPUT)):
            value = header(name) or b""
            if value.isdigit():
                self._numbers[to] = int(value)
        self._model = ""
        self._tools = 0
        self._calls: "Set[Any]" = set()
        self._parts: "List[bytes]" = []
        self._begun = 0  # bytes kept in parts
        self._is_cut = self._is_over = False
        self._line = b""
        self._events = 0

    def _decoder(self, encoding: bytes) -> "Optional[Callable[[bytes], bytes]]":
        if encoding in (b"", b"identity"):
            return None
        if encoding in (b"gzip", b"x-gzip"):
            return zlib.decompressobj(31).decompress
        if encoding == b"deflate":
            return _deflate()
        make = None
        if encoding == b"br":
            module = sys.modules.get("brotli") or sys.modules.get("brotlicffi") or sys.modules.get("_brotli")
            make = getattr(module, "Decompressor", None)
            if make is not None:
                one = make()
                return getattr(one, "process", None) or one.decompress  # type: ignore[no-any-return]
        elif encoding == b"zstd":
            module = sys.modules.get("compression.zstd") or sys.modules.get("backports.zstd") or sys.modules.get("_zstd")
            make = getattr(module, "ZstdDecompressor", None)
            if make is not None:
                return make().decompress  # type: ignore[no-any-return]
            make = getattr(sys.modules.get("zstandard"), "ZstdDecompressor", None)
            if make is not None:
                return make().decompressobj().decompress  # type: ignore[no-any-return]
        self._unread = "encoding"
        return None

    def feed(self, data: bytes) -> None:
        """A piece of the body."""
        if self._is_over or self._unread == "encoding":
            return
        if self._decode is not None:
            try:
                data = self._decode(data)
            except Exception:  # each decoder has an error of its own; the client will meet it too
                self._unread = "encoding"
                return
        if self._mode == "json":
            self._keep(data)
        elif self._mode == "lines":
            self._lines(data)
        else:
            self._frames(data)

    def facts(self) -> "Dict[str, Any]":
        """What was said, as attributes to add; the answer is over."""
        self._is_over = True
        if self._mode == "json" and not self._unread:
            self._whole(b"".join(self._parts))
        elif self._mode == "lines" and self._line:
            self._one(self._line)
        self._parts = []
        facts: "Dict[str, Any]" = dict(self._numbers)
        if self._tools:
            facts["sentinel.ai.tool_calls"] = self._tools
        if self._model:
            facts["gen_ai.response.model"] = self._model
        if not self._numbers:
            facts["sentinel.ai.unread"] = self._unread or "no usage"
        return facts

    def _keep(self, data: bytes) -> None:
        self._parts.append(data)
        self._begun += len(data)
        if self._begun > MOST_BODY:
            whole = b"".join(self._parts)
            if not self._is_cut:
                self._is_cut = True
                self._one_model(whole[:4096])
            self._parts = [whole[-MOST_TAIL:]]
            self._begun = len(self._parts[0]) + MOST_BODY // 2

    def _whole(self, body: bytes) -> None:
        if self._is_cut:
            found = list(_USAGE.finditer(body))
            if found:
                try:
                    text = body[found[-1].end() - 1 :].decode("utf-8", "replace")
                    self._usage(_json().JSONDecoder().raw_decode(text)[0])
                except ValueError:
                    pass
            self._one_model(body)
        elif body:
            try:
                self._take(_json().loads(body))
            except (ValueError, RecursionError):
                self._unread = "not JSON"

    def _one_model(self, text: bytes) -> None:
        found = _MODEL.search(text)
        if found is not None:
            self._model = found.group(1).decode("utf-8", "replace")

    def _lines(self, data: bytes) -> None:
        if b"\n" not in data and b"\r" not in data:
            self._line = self._line + data if len(self._line) + len(data) < MOST_BODY else b"!"
            return
        lines = (self._line + data).split(b"\n")
        self._line = lines.pop()
        for line in lines:
            self._one(line)

    def _one(self, line: bytes) -> None:
        """One line of a stream."""
        if line[:5] == b"data:":
            line = line[5:]
        line = line.strip()
        if line[:1] != b"{" and line[:1] != b"[":
            return
        self._events += 1
        if self._events > 1 and not any([mark in line for mark in _TELLING]):
            return
        try:
            self._take(_json().loads(line))
        except (ValueError, RecursionError):
            pass

    def _frames(self, data: bytes) -> None:
        """Amazon's event stream: total and head sizes, checksum, headers, payload, checksum."""
        data = self._line + data
        at = 0
        while len(data) - at >= 12:
            total = int.from_bytes(data[at : at + 4], "big")
            heads = int.from_bytes(data[at + 4 : at + 8], "big")
            if total < 16 or total > MOST_BODY * 16 or heads > total - 16:
                self._is_over = True
                return
            if len(data) - at < total:
                break
            self._one(data[at + 12 + heads : at + total - 4])
            at += total
        self._line = data[at:]

    def _take(self, said: "Any") -> None:
        """One JSON value of the answer."""
        if isinstance(said, list):
            for each in said:
                self._take(each)
            return
        if not isinstance(said, dict):
            return
        inner = said.get("bytes")
        if isinstance(inner, str) and len(said) <= 3:  # a model's own event, carried by Amazon's
            import binascii

            self._take(_json().loads(binascii.a2b_base64(inner)))
            return
        for name in ("response", "message", "delta", "x_groq"):  # an event that carries the whole, or a part of it
            part = said.get(name)
            if isinstance(part, dict):
                self._take(part)
        model = said.get("model") or said.get("modelVersion")
        if isinstance(model, str):
            self._model = model
        for name in ("usage", "usageMetadata", "meta", "amazon-bedrock-invocationMetrics"):
            usage = said.get(name)
            if isinstance(usage, dict):
                self._usage(usage)
        if "eval_count" in said or "prompt_eval_count" in said or "inputTextTokenCount" in said:
            self._usage(said)
            results = _dicts(said.get("results"))  # of Titan
            if results:
                self._numbers[OUTPUT] = sum([int(result.get("tokenCount") or 0) for result in results])
        self._count_tools(said)

    def _usage(self, usage: "Dict[str, Any]") -> None:
        tokens = usage.get("tokens") or usage.get("billed_units")
        if isinstance(tokens, dict):
            usage = tokens
        for name, value in usage.items():
            if name in _NUMBERS and isinstance(value, (int, float)):
                self._numbers[_NUMBERS[name]] = int(value)
            elif isinstance(value, dict) and name[-8:] == "_details" and isinstance(value.get("cached_tokens"), int) and name[:6] != "output":
                self._numbers[CACHE_READ] = value["cached_tokens"]
        thoughts = usage.get("thoughtsTokenCount")
        if isinstance(thoughts, int):
            self._numbers[OUTPUT] = int(usage.get("candidatesTokenCount") or 0) + thoughts

    def _count_tools(self, said: "Dict[str, Any]") -> None:
        for choice in _dicts(said.get("choices")):
            for part in (choice.get("message"), choice.get("delta")):
                if isinstance(part, dict):
                    for call in _dicts(part.get("tool_calls")):
                        if call.get("id") or call.get("function", {}).get("name"):
                            self._call((choice.get("index"), call.get("index"), call.get("id")))
        for call in _dicts(said.get("tool_calls")):  # of Ollama and Cohere
            self._call(("call", call.get("id") or len(self._calls)))
        for item in _dicts(said.get("output")):
            if str(item.get("type"))[-5:] == "_call":
                self._call(("item", item.get("id") or item.get("call_id") or len(self._calls)))
        for block in _dicts(said.get("content")):
            if block.get("type") in _TOOL_BLOCKS or "toolUse" in block:
                self._call(("block", block.get("id") or len(self._calls)))
        begun: "Any" = said.get("content_block")
        if isinstance(begun, dict) and begun.get("type") in _TOOL_BLOCKS:
            self._call(("block", begun.get("id") or len(self._calls)))
        start: "Any" = said.get("start")
        if isinstance(start, dict) and "toolUse" in start:
            self._call(("start", said.get("contentBlockIndex")))
        if said.get("type") == "tool-call-start":
            self._call(("start", said.get("index", len(self._calls))))
        output: "Any" = said.get("output")
        if isinstance(output, dict):
            self._take(output)
        for candidate in _dicts(said.get("candidates")):
            content = candidate.get("content")
            for part in _dicts(content.get("parts")) if isinstance(content, dict) else ():
                if "functionCall" in part:
                    self._call(("part", len(self._calls)))

    def _call(self, key: "Any") -> None:
        if key not in self._calls:
            self._calls.add(key)
            self._tools += 1


def _deflate() -> "Callable[[bytes], bytes]":
    """`deflate` is zlib's format by the standard, and raw from some servers."""
    chosen: "List[Any]" = []

    def decompress(data: bytes) -> bytes:
        if not chosen:
            if not data:
                return b""
            is_wrapped = data[0] & 0x0F == 8 and (len(data) < 2 or (data[0] << 8 | data[1]) % 31 == 0)
            chosen.append(zlib.decompressobj(15 if is_wrapped else -15))
        return chosen[0].decompress(data)  # type: ignore[no-any-return]

    return decompress


def _dicts(value: "Any") -> "List[Dict[str, Any]]":
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _json() -> "Any":
    module = sys.modules.get("json")
    if module is None:
        import json as module
    return module
