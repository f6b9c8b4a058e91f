"""Credentials of known providers in a text: the Python reader of the formats pack.

The pack (`secret-formats.json`) is data that two languages read; the TypeScript twin is
`packages/analyser/src/secrets/match-formats.ts`. Both find exactly the same values in every case of the
pack. Work grows linearly with the text: patterns have bounded repetition only and are tried only where an
anchor of theirs stands. What a value itself must hold is in `secret_values`. Nothing here stores, prints or sends a value; the
caller replaces or hashes it.
"""

import json
import re

from .secret_values import check_value, entropy_bits, is_filler

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, FrozenSet, Iterable, Iterator, List, Pattern, Set, Tuple

#: How far behind a keyword a value may begin, in characters, where the format says nothing else.
WINDOW = 80

_ALNUM = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
_TOKEN = _ALNUM | frozenset("_-")
_UPPER_TO_LOWER = {code: code + 32 for code in range(65, 91)}
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz")

#: Characters by which an anchor that is one word is looked up.
_START = 3
_WORD_BYTES = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
_AFTER_ESCAPE = re.compile(rb"\\[nrt]([A-Za-z0-9]{1,40})")
#: Rest of a word from a hump on, as in `myVendorKey`.
_HUMP = re.compile(rb"[a-z](?=([A-Z][A-Za-z]{0,40}))")
#: Where a value behind a keyword may begin.
_NEAR_START = re.compile(r"(?:(?<![A-Za-z0-9/@.])|(?<=\\[nrt]))[A-Za-z0-9]")
#: Parts of the restricted patterns.
_COUNT = re.compile(r"\{\d+(?:,\d+)?\}")
_ATOM = re.compile(r"\[(?:\\.|[^\]\\])+\]|\\.|[^\\()|?]")
_GROUP = re.compile(r"\((?:\[(?:\\.|[^\]\\])+\]|\\.|[^()\[\\])*\)(?:\{\d+(?:,\d+)?\}|\?)?")
_COUNTED = re.compile(r"(\[(?:\\.|[^\]\\])+\]|\\.|[^\\()|?{}])(?:\{(\d+)(?:,\d+)?\})?(\?)?")


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
    __slots__ = ("id", "is_near", "anchors", "source", "pattern", "lead", "window", "entropy", "check", "open_end", "least")

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
        #: Least number of characters that a value has.
        self.least = _least_length(self.source) if self.lead else 0


class FormatPack:
    """Formats ready to be looked for. Patterns are compiled when their first anchor is met.

    One pass cuts the text into words; only anchors that begin like one of the words are looked for.
    """

    def __init__(self, rows: "Iterable[Dict[str, Any]]") -> None:
        #: What an anchor's text must be found as, with the formats that have it: tokens, and keywords in lower case.
        self._tokens = _Anchors()
        self._keywords = _Anchors()
        #: Formats whose anchor stands inside the value.
        self._inner: "List[Tuple[_Format, str]]" = []
        inner_characters = set(_WORD_BYTES)
        self._least_inner = 1 << 30
        for row in rows:
            known = _Format(row)
            for anchor in known.anchors:
                if known.is_near:
                    self._keywords.add(known, anchor.translate(_UPPER_TO_LOWER), _LETTERS)
                elif known.lead == 0:
                    self._tokens.add(known, anchor, _ALNUM)
                else:
                    self._inner.append((known, anchor))
                    inner_characters.update(_characters(known.source))
                    self._least_inner = min(self._least_inner, known.least)
        #: Cuts the text into runs of what values with an inner anchor consist of.
        self._runs = _table(inner_characters, is_lowered=False)

    @classmethod
    def load(cls, path: str) -> "FormatPack":
        """Pack at `path`. Raises OSError or ValueError when it cannot be read."""
        with open(path, encoding="utf-8") as file:
            return cls(json.load(file)["formats"])

    def find(self, text: str) -> "List[FormatMatch]":
        """Every value of every format in `text`, by place, then by id. Values of two formats may overlap."""
        lowered = text.lower() if text.isascii() else text.translate(_UPPER_TO_LOWER)
        # One byte a character, so that places stay the same; what is not ASCII separates words.
        raw = text.encode("ascii", "replace")
        found: "Dict[Tuple[str, int, int], FormatMatch]" = {}
        words = set(raw.translate(_TO_WORDS).split())
        if b"\\" in raw:
            words.update(_AFTER_ESCAPE.findall(raw))
        for anchor, owners in self._tokens.present(words):
            at = text.find(anchor)
            while at >= 0:
                for known in owners:
                    _keep(found, _token(known, text, at, anchor))
                at = text.find(anchor, at + 1)
        words = set(raw.translate(_TO_LOWER_LETTERS).split())
        words.update([hump.lower() for hump in _HUMP.findall(raw)])
        for anchor, owners in self._keywords.present(words):
            at = lowered.find(anchor)
            while at >= 0:
                if _is_word_start(text, at):
                    for known in owners:
                        _keep(found, _near(known, text, at + len(anchor)))
                at = lowered.find(anchor, at + 1)
        self._find_inner(text, raw, found)
        return sorted(found.values(), key=lambda match: (match.start, match.end, match.format_id))

    def _find_inner(self, text: str, raw: bytes, found: "Dict[Tuple[str, int, int], FormatMatch]") -> None:
        """Looks for values whose anchor stands inside them, in runs that are long enough for one."""
        least = self._least_inner
        begin = 0
        for run in [run for run in raw.translate(self._runs).split() if len(run) >= least]:
            begin = raw.index(run, begin)
            end = begin + len(run)
            for known, anchor in self._inner:
                if known.least > len(run):
                    continue
                at = text.find(anchor, begin, end)
                while at >= 0:
                    _keep(found, _token(known, text, at, anchor, begin))
                    at = text.find(anchor, at + 1, end)
            begin = end


class _Anchors:
    """Anchors by the words that must stand in a text for them to stand there."""

    __slots__ = ("_always", "_by_start", "_by_word")

    def __init__(self) -> None:
        self._always: "Dict[str, List[_Format]]" = {}
        #: By a whole word, where the anchor goes on behind it: `sk` of `sk-proj-`.
        self._by_word: "Dict[bytes, Dict[str, List[_Format]]]" = {}
        #: By the first characters of a word.
        self._by_start: "Dict[bytes, Dict[str, List[_Format]]]" = {}

    def add(self, known: _Format, anchor: str, letters: "FrozenSet[str]") -> None:
        """Takes an anchor in; `letters` are what words consist of."""
        size = 0
        while size < len(anchor) and anchor[size] in letters:
            size += 1
        if size == 0 or (size == len(anchor) and size < _START):
            group = self._always
        elif size < len(anchor):
            group = self._by_word.setdefault(anchor[:size].encode("ascii"), {})
        else:
            group = self._by_start.setdefault(anchor[:_START].encode("ascii"), {})
        group.setdefault(anchor, []).append(known)

    def present(self, words: "Set[bytes]") -> "Iterator[Tuple[str, List[_Format]]]":
        """Anchors that may stand in a text of these words, with their formats."""
        yield from self._always.items()
        for word in words & self._by_word.keys():
            yield from self._by_word[word].items()
        known = self._by_start
        met: "Set[str]" = set()
        for word in [word for word in words if word[:_START] in known]:
            for anchor, owners in known[word[:_START]].items():
                if anchor not in met and word.startswith(anchor.encode("ascii")):
                    met.add(anchor)
                    yield anchor, owners


def _keep(found: "Dict[Tuple[str, int, int], FormatMatch]", match: "FormatMatch | None") -> None:
    if match is not None:
        found[(match.format_id, match.start, match.end)] = match


def _token(known: _Format, text: str, at: int, anchor: str, least: int = 0) -> "FormatMatch | None":
    """Value around or behind the anchor at `at`; it begins at `least` at the earliest."""
    if at > 0 and known.lead == 0 and text[at] in _ALNUM and text[at - 1] == ".":
        return None
    for start in range(max(least, at - known.lead), at + 1):
        if not _is_open(text, start):
            continue
        match = _match(known, text, start)
        if match is not None and match.end >= at + len(anchor):
            skipped = 0 if known.lead else len(anchor)
            return _judged(known, text, match, skipped)
    return None


def _near(known: _Format, text: str, begin: int) -> "FormatMatch | None":
    """Value behind the keyword that ends before `begin`."""
    limit = min(len(text), begin + known.window)
    lines = text.find("\n", begin, limit)
    if lines >= 0:
        lines = text.find("\n", lines + 1, limit)
        lines = text.find("\n", lines + 1, limit) if lines >= 0 else lines
        if lines >= 0:
            limit = lines
    for place in _NEAR_START.finditer(text, begin, limit):
        start = place.start()
        match = _match(known, text, start)
        if match is not None and _is_bound(text[begin:start]):
            match = _judged(known, text, match, 0)
            if match is not None:
                return match
    return None


def _table(kept: "Set[int]", is_lowered: bool) -> bytes:
    """Translation that leaves the characters `kept` and makes every other a space."""
    return bytes([(code + 32 if is_lowered and 65 <= code <= 90 else code) if code in kept else 32 for code in range(256)])


def _characters(source: str) -> "Set[int]":
    """Codes of the ASCII characters that a value of the pattern may hold."""
    atoms = [re.compile(atom) for atom in set(_ATOM.findall(_COUNT.sub("", source)))]
    return {code for code in range(33, 127) if any([atom.fullmatch(chr(code)) for atom in atoms])}


def _least_length(source: str) -> int:
    """A length that no value of the pattern falls short of: groups count as nothing."""
    plain, count = source, 1
    while count:
        plain, count = _GROUP.subn("", plain)
    least = 0
    for _, few, optional in _COUNTED.findall(plain):
        least += int(few) if few else 0 if optional else 1
    return least


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


_TO_WORDS = _table(set(_WORD_BYTES), is_lowered=False)
_TO_LOWER_LETTERS = _table({code for code in _WORD_BYTES if code > 57}, is_lowered=True)


def _match(known: _Format, text: str, start: int) -> "FormatMatch | None":
    """What the pattern matches at `start`, where a value may begin."""
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
    check = check_value(known.check, text[match.start : match.end])
    if check == "rejected":
        return None
    match.check = check
    return match
