"""What a request asks of a model, from its body: model, streaming, size of the prompt, attachments, tools, kinds of secrets and of personal data.

Reads the JSON of every provider with one walk, because they differ in names only: text is every string below the fields that carry a prompt, but
for those that carry names and numbers; a dictionary that is an image, a document or a sound is an attachment and is not entered. A form
(`multipart/form-data`: images, sound) is read by its parts. A body of more than 1 MB is read by patterns.
Gives numbers and kinds only.
"""

import re
import sys

from . import boot

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List, Optional, Set, Tuple

#: Fields that carry a prompt, at the top of the body.
ROOTS = (
    *("messages", "system", "systemInstruction", "system_instruction", "prompt", "input", "contents", "content", "instructions"),
    *("inputs", "texts", "message", "chat_history", "preamble", "documents", "document", "query", "inputText", "suffix", "images", "image"),
    *("requests", "instances"),
)
#: Fields below them that carry no prompt.
_SKIPPED = frozenset(
    (
        "type role id name tool_call_id tool_use_id toolUseId call_id model status cache_control cachePoint mime_type mimeType format detail signature "
        "thoughtSignature encrypted_content phase index citations title tool_name taskType embedding_types"
    ).split()
)
_ATTACHED_TYPES = frozenset(
    "image image_url input_image file input_file document document_url input_audio audio video video_url computer_screenshot search_result".split()
)
_ATTACHED_KEYS = frozenset(
    "inlineData inline_data fileData file_data image document video audio image_url input_audio images file bytesBase64Encoded inputImage".split()
)
#: Characters of one request in which secrets and personal data are looked for; of longer prompts the first ones.
MOST_SCANNED = 262_144
#: Texts whose kinds are remembered by their hash: a conversation comes again with every turn.
MOST_REMEMBERED = 2_000
#: Depth of a body that is entered.
MOST_DEPTH = 24

_MODEL = re.compile(rb'"model"\s*:\s*"([^"\\]{1,200})"')
_STREAM = re.compile(rb'"stream"\s*:\s*true')
_ATTACHED = re.compile(rb'"type"\s*:\s*"(?:image_url|image|input_image|input_file|document|input_audio)"|"inlineData"|"inline_data"')
_FIELD = re.compile(rb'name="?([A-Za-z_\[\]]{1,40})"?')

_remembered: "Dict[int, Tuple[str, str]]" = {}
_packs: "List[Any]" = []


class Prompt:
    """What a body asks."""

    __slots__ = ("attachments", "characters", "is_streaming", "model", "pii", "secrets", "texts", "tools")

    def __init__(self) -> None:
        self.model = ""
        self.is_streaming = False
        self.characters = self.attachments = self.tools = 0
        self.texts: "List[str]" = []
        self.secrets: "Set[str]" = set()
        self.pii: "Set[str]" = set()

    def facts(self) -> "Dict[str, Any]":
        """As attributes to add."""
        facts: "Dict[str, Any]" = {"sentinel.ai.prompt_characters": self.characters}
        if self.attachments:
            facts["sentinel.ai.attachments"] = self.attachments
        if self.tools:
            facts["sentinel.ai.tools"] = self.tools
        if self.secrets:
            facts["sentinel.ai.secret_kinds"] = tuple(self.secrets)
        if self.pii:
            facts["sentinel.ai.pii_kinds"] = tuple(self.pii)
        return facts


def read(body: bytes, form: bytes, tail: bytes, is_cut: bool, most: int = MOST_SCANNED) -> "Optional[Prompt]":
    """What the body asks; None where it asks a model for nothing. `form` is the content type of a multipart body. `most` characters are looked through."""
    prompt = Prompt()
    if form:
        _read_form(body, form, prompt)
    elif is_cut:
        _read_cut(body, tail, prompt)
    else:
        try:
            asked = _json().loads(body)
        except (ValueError, RecursionError):
            return None
        if not isinstance(asked, dict) or not _read_json(asked, prompt):
            return None
    _scan(prompt, most)
    return prompt


def _json() -> "Any":
    module = sys.modules.get("json")
    if module is None:
        import json as module  # a client that asks a model has it
    return module


def _read_json(asked: "Dict[str, Any]", prompt: Prompt) -> bool:
    model = asked.get("model")
    if isinstance(model, str):
        prompt.model = model[6:] if model[:7] == "models/" else model
    prompt.is_streaming = asked.get("stream") is True
    is_prompt = False
    for root in ROOTS:
        value = asked.get(root)
        if value is not None:
            is_prompt = True
            _walk(value, prompt, root, 0)
    tools = asked.get("tools") or asked.get("functions")
    if tools is None and isinstance(asked.get("toolConfig"), dict):
        tools = asked["toolConfig"].get("tools")
    if isinstance(tools, list):
        for tool in tools:
            declared = tool.get("functionDeclarations") or tool.get("function_declarations") if isinstance(tool, dict) else None
            prompt.tools += len(declared) if isinstance(declared, list) else 1
    return is_prompt


def _walk(value: "Any", prompt: Prompt, key: str, depth: int) -> None:
    if isinstance(value, str):
        if key in _ATTACHED_KEYS and key != "document":
            prompt.attachments += 1
        else:
            prompt.characters += len(value)
            prompt.texts.append(value)
    elif isinstance(value, list):
        if depth < MOST_DEPTH:
            for each in value:
                if not isinstance(each, (int, float)):
                    _walk(each, prompt, key, depth + 1)
    elif isinstance(value, dict) and depth < MOST_DEPTH:
        if value.get("type") in _ATTACHED_TYPES and depth:
            prompt.attachments += 1
            return
        for name, each in value.items():
            if name in _ATTACHED_KEYS and isinstance(each, (dict, str, list)):
                prompt.attachments += len(each) if isinstance(each, list) else 1
            elif name not in _SKIPPED:
                _walk(each, prompt, name, depth + 1)


def _read_form(body: bytes, form: bytes, prompt: Prompt) -> None:
    mark = form.partition(b"boundary=")[2].partition(b";")[0].strip(b'" ')
    for part in body.split(b"--" + mark)[1:] if mark else ():
        head, blank, value = part.partition(b"\r\n\r\n")
        name = _FIELD.search(head)
        field = name.group(1) if name is not None else b""
        if b"filename=" in head:
            prompt.attachments += 1
        elif not blank:
            continue
        elif field == b"model":
            prompt.model = value.strip().decode("utf-8", "replace")[:200]
        elif field == b"stream":
            prompt.is_streaming = value.strip().lower() == b"true"
        elif field in (b"prompt", b"input"):
            text = value.rstrip(b"\r\n").decode("utf-8", "replace")
            prompt.characters += len(text)
            prompt.texts.append(text)


def _read_cut(body: bytes, tail: bytes, prompt: Prompt) -> None:
    found = _MODEL.search(body[:4096]) or _MODEL.search(tail) or _MODEL.search(body)
    if found is not None:
        prompt.model = found.group(1).decode("utf-8", "replace")
    prompt.is_streaming = _STREAM.search(tail) is not None or _STREAM.search(body) is not None
    prompt.attachments = sum([1 for _ in _ATTACHED.finditer(body)])
    if not prompt.attachments:  # text: its size is nearly that of the body
        prompt.characters = len(body)
        prompt.texts.append(body.decode("utf-8", "replace"))


def _scan(prompt: Prompt, most: int) -> None:
    """Looks for secrets and personal data in texts that were not seen before."""
    left = most
    for text in prompt.texts:
        if len(text) < 6 or left <= 0:
            continue
        left -= len(text)
        key = hash((text, most))
        kinds = _remembered.get(key)
        if kinds is None:
            kinds = _kinds(text[:most])
            if len(_remembered) >= MOST_REMEMBERED:
                _remembered.clear()
            _remembered[key] = kinds
        if kinds[0]:
            prompt.secrets.update(kinds[0].split(","))
        if kinds[1]:
            prompt.pii.update(kinds[1].split(","))
    prompt.texts = []


def prepare() -> None:
    """Reads the formats of secrets, once. From inside `core.slow`: reading our own file is not the script's doing."""
    if not _packs:
        try:
            _packs.append(boot.load("secret_formats").FormatPack.load(boot._home + "/_generated/secret-formats.json"))
        except OSError:  # a probe without its pack sees no secrets
            _packs.append(None)


def kinds(part: bytes) -> "Tuple[str, str]":
    """Kinds of secrets and of personal data in a piece of a body as it stands."""
    return _kinds(part.decode("utf-8", "replace"))


def _kinds(text: str) -> "Tuple[str, str]":
    pack = _packs[0] if _packs else None
    secrets = sorted({match.format_id for match in pack.find(text)}) if pack is not None else []
    return ",".join(secrets), ",".join(sorted(boot.load("pii").kinds(text)))
