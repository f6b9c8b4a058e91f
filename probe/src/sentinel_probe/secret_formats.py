"""Credentials of known providers in a text: the Python reader of the formats pack.

The pack (`secret-formats.json`) is data that two languages read; the TypeScript twin is
`packages/analyser/src/secrets/match-formats.ts`. Both find exactly the same values in every case of the
pack. Work grows linearly with the text: patterns have bounded repetition only and are tried only where an
anchor of theirs stands. Nothing here stores, prints or sends a value; the caller replaces or hashes it.
"""

import json
import math
import re
import zlib

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, Iterable, List, Pattern, Tuple

#: How far behind a keyword a value may begin, in characters, where the format says nothing else.
WINDOW = 80

#: Repeats of one character, or characters that each follow the one before (and are most of the value), from
#: which a value is made up.
SAME_RUN = 12
#: Runs of A are zero bits in base64, which issued values hold; only long ones are made up.
ZERO_RUN = 24
RISING_RUN = 20

#: Parts that no issued credential has.
FILLERS = (
    "xxxx",
    "0000000",
    "1111111",
    "****",
    "....",
    "example",
    "placeholder",
    "changeme",
    "redacted",
    "dummy",
    "insert",
    "your_",
    "your-",
    "yourtoken",
    "yourkey",
    "put_your",
    "here_",
)

_ALNUM = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
_TOKEN = _ALNUM | frozenset("_-")
_UPPER_TO_LOWER = {code: code + 32 for code in range(65, 91)}
_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_BASE64URL = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


#: What binds a value to the keyword before it; within one address a mark alone does not.
_MARK = re.compile("[=:\"'`>,(]")
_WORD = re.compile("[Kk][Ee][Yy]|[Tt][Oo][Kk][Ee][Nn]|[Ss][Ee][Cc][Rr][Ee][Tt]|[Pp][Aa][Ss][Ss]|[Aa][Uu][Tt][Hh]|[Aa][Cc][Cc][Ee][Ss][Ss]|[Pp][Rr][Ii][Vv]")
_GAP = re.compile("[ \t\r\n\"'`<>,;]")


class FormatMatch:
    """One value of one format: id, first and last-plus-one index, and how its checksum came out."""

    __slots__ = ("format_id", "start", "end", "check")

    def __init__(self, format_id: str, start: int, end: int, check: str) -> None:
        self.format_id = format_id
        self.start = start
        self.end = end
        self.check = check

    def __repr__(self) -> str:
        return "FormatMatch(%r, %d, %d, %r)" % (self.format_id, self.start, self.end, self.check)


class _Format:
    __slots__ = ("id", "is_near", "anchors", "source", "pattern", "lead", "window", "entropy", "check", "open_end")

    def __init__(self, row: "Dict[str, Any]") -> None:
        self.id: str = row["id"]
        self.is_near = row["kind"] == "near"
        self.anchors: "List[str]" = row["anchors"]
        self.source: str = row["pattern"]
        self.pattern: "Pattern[str] | None" = None
        self.lead: int = row.get("lead", 0)
        self.window: int = row.get("window", WINDOW)
        self.entropy: float = row["entropy"]
        self.check: str = row.get("check", "")
        self.open_end: bool = row.get("openEnd", False)


class FormatPack:
    """Formats ready to be looked for. Patterns are compiled when their first anchor is met."""

    def __init__(self, rows: "Iterable[Dict[str, Any]]") -> None:
        #: Anchors in lower case, by their first three characters; shorter ones by themselves.
        self._by_start: "Dict[str, Dict[str, List[Tuple[_Format, str]]]]" = {}
        for row in rows:
            known = _Format(row)
            for anchor in known.anchors:
                lowered = anchor.translate(_UPPER_TO_LOWER)
                self._by_start.setdefault(lowered[:3], {}).setdefault(lowered, []).append((known, anchor))
        self._short = [start for start in self._by_start if len(start) < 3]

    @classmethod
    def load(cls, path: str) -> "FormatPack":
        """Pack at `path`. Raises OSError or ValueError when it cannot be read."""
        with open(path, encoding="utf-8") as file:
            return cls(json.load(file)["formats"])

    def find(self, text: str) -> "List[FormatMatch]":
        """Every value of every format in `text`, by place, then by id. Values of two formats may overlap."""
        lowered = text.lower() if text.isascii() else text.translate(_UPPER_TO_LOWER)
        found: "Dict[Tuple[str, int, int], FormatMatch]" = {}
        # One pass over the text says which anchors can stand in it at all.
        present = set([lowered[at : at + 3] for at in range(len(lowered) - 2)])
        for start in self._short + [start for start in self._by_start if start in present]:
            for anchor, owners in self._by_start[start].items():
                at = lowered.find(anchor)
                while at >= 0:
                    for known, written in owners:
                        match = self._at(known, text, at, written)
                        if match is not None:
                            found[(match.format_id, match.start, match.end)] = match
                    at = lowered.find(anchor, at + 1)
        return sorted(found.values(), key=lambda match: (match.start, match.end, match.format_id))

    def _at(self, known: _Format, text: str, at: int, anchor: str) -> "FormatMatch | None":
        if not known.is_near:
            return self._token(known, text, at, anchor)
        return self._near(known, text, at + len(anchor)) if _is_word_start(text, at) else None

    def _token(self, known: _Format, text: str, at: int, anchor: str) -> "FormatMatch | None":
        if text[at : at + len(anchor)] != anchor:
            return None
        if at > 0 and known.lead == 0 and text[at] in _ALNUM and text[at - 1] == ".":
            return None
        for start in range(max(0, at - known.lead), at + 1):
            if known.lead and not _is_open(text, start):
                continue
            match = _match(known, text, start)
            if match is not None and match.end >= at + len(anchor):
                skipped = 0 if known.lead else len(anchor)
                return _judged(known, text, match, skipped)
        return None

    def _near(self, known: _Format, text: str, begin: int) -> "FormatMatch | None":
        lines = 0
        for start in range(begin, min(len(text), begin + known.window)):
            if text[start] == "\n":
                lines += 1
                if lines > 2:
                    return None
            if text[start] not in _ALNUM or not _is_open(text, start) or text[start - 1] in "/@.":
                continue
            match = _match(known, text, start)
            if match is not None and _is_bound(text[begin:start]):
                match = _judged(known, text, match, 0)
                if match is not None:
                    return match
        return None


def _is_open(text: str, start: int) -> bool:
    """Whether a value may begin here: nothing alphanumeric before it but an escape such as `\\n`."""
    if text[start : start + 1] not in _ALNUM or start == 0:
        return True
    before = text[start - 1]
    return before not in _ALNUM or (before in "nrt" and start > 1 and text[start - 2] == "\\")


def _is_bound(between: str) -> bool:
    """Whether what stands between a keyword and a value binds them."""
    if _WORD.search(between) or between in (" ", "  ", "\t"):
        return True
    return _MARK.search(between) is not None and ("/" not in between or _GAP.search(between) is not None)


def _is_word_start(text: str, at: int) -> bool:
    """Whether a word begins here: no letter before it, or a hump as in `myVendorKey`."""
    if at == 0 or not ("a" <= text[at - 1] <= "z" or "A" <= text[at - 1] <= "Z"):
        return True
    return "A" <= text[at] <= "Z" and "a" <= text[at - 1] <= "z"


def _match(known: _Format, text: str, start: int) -> "FormatMatch | None":
    if not _is_open(text, start):
        return None
    pattern = known.pattern
    if pattern is None:
        pattern = known.pattern = re.compile(known.source)
    match = pattern.match(text, start)
    if match is None:
        return None
    end = match.end()
    if not known.open_end and end < len(text) and text[end] in _TOKEN and text[end - 1] in _TOKEN:
        return None
    return FormatMatch(known.id, start, end, "none")


def _judged(known: _Format, text: str, match: FormatMatch, skipped: int) -> "FormatMatch | None":
    body = text[match.start + skipped : match.end]
    if known.check != "pem-body" and is_filler(body):
        return None
    if entropy_bits(body) + 1e-9 < known.entropy:
        return None
    check = _check(known.check, text[match.start : match.end])
    if check == "rejected":
        return None
    match.check = check
    return match


def entropy_bits(value: str) -> float:
    """Shannon entropy of the characters of `value`, in bits per character."""
    counts: "Dict[str, int]" = {}
    for letter in value:
        counts[letter] = counts.get(letter, 0) + 1
    size = len(value)
    total = 0.0
    for count in counts.values():
        total -= count / size * math.log(count / size, 2)
    return total


def is_filler(value: str) -> bool:
    """Whether somebody made the value up to show where one goes."""
    lowered = value.translate(_UPPER_TO_LOWER)
    for part in FILLERS:
        if part in lowered:
            return True
    same = rising = longest = 1
    for index in range(1, len(value)):
        step = ord(value[index]) - ord(value[index - 1])
        same = same + 1 if step == 0 else 1
        rising = rising + 1 if step == 1 else 1
        longest = rising if rising > longest else longest
        if same >= (ZERO_RUN if value[index] == "A" else SAME_RUN):
            return True
    return longest >= RISING_RUN and longest * 5 > len(value) * 3


def _check(name: str, value: str) -> str:
    """`none` without a check, `passed`, `failed` (still a match, of less weight) or `rejected`."""
    if name == "":
        return "none"
    if name == "letters-and-digits":
        has_digit = any([letter in "0123456789" for letter in value])
        has_letter = any([letter in _ALNUM and letter not in "0123456789" for letter in value])
        return "passed" if has_digit and has_letter else "rejected"
    if name == "crc32-base62":
        body = value[value.index("_") + 1 :]
        return "passed" if _base62(zlib.crc32(body[:-6].encode("ascii")) & 0xFFFFFFFF) == body[-6:] else "failed"
    if name == "jwt":
        return "passed" if _is_jwt_head(value[: value.index(".")]) else "rejected"
    if name == "pem-body":
        body = value[value.index("-----", 5) + 5 :].partition("-----")[0]
        kept = "".join([letter for letter in body if letter in _ALNUM or letter in "+/"])
        return "passed" if len(kept) >= 48 and entropy_bits(kept) >= 3.5 else "rejected"
    return "rejected"


def _base62(number: int) -> str:
    digits = ""
    while number:
        number, rest = divmod(number, 62)
        digits = _BASE62[rest] + digits
    return digits.rjust(6, "0")


def _is_jwt_head(head: str) -> bool:
    """Whether `head` is base64url of a JSON object with an `alg`. Source: RFC 7515, section 4.1."""
    import base64

    if any([letter not in _BASE64URL for letter in head]) or len(head) % 4 == 1:
        return False
    try:
        decoded = json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)).decode("utf-8"))
    except (ValueError, RecursionError):
        return False
    return isinstance(decoded, dict) and "alg" in decoded
