"""Personal data in a text, by kind: what carries its own proof (check digits, an unmistakable form). Never gives a value.

The kinds and their patterns are those of the analyser's pack (`_generated/pii_kinds.py`), the checks the twins of its `pii-checks.ts`, and a value
goes to the first kind in order that takes it, as there.
"""

import re

from . import boot

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, List, Set, Tuple

    #: id, compiled patterns, check, words of which one must stand near
    Kind = Tuple[str, List[Any], Any, Tuple[str, ...]]

_BEFORE, _BEHIND = 48, 16
#: Every value but a mail address has six digits with few characters between them: only what lies around those is looked at.
_DIGITS = re.compile(r"(?:[0-9][^0-9]{0,3}){5}[0-9]")
#: Characters of a value before the first of these digits, and behind it with what must not follow a value.
_REACH, _LENGTH = 24, 64
_kinds: "List[Kind]" = []


def kinds(text: str) -> "Set[str]":
    """Ids of the kinds, such as email, iban, payment-card."""
    return {kind for kind, _, _ in spans(text)}


def spans(text: str) -> "List[Tuple[str, int, int]]":
    """Kind, beginning and end of every value; places do not overlap."""
    if not _kinds:
        _prepare()
    places = _places(text)
    found: "List[Tuple[str, int, int]]" = []
    lowered = ""
    for kind, patterns, check, near in _kinds:
        where = [(0, len(text))] if kind == "email" and "@" in text else places if kind != "email" else []
        if not where:
            continue
        if near:
            lowered = lowered or text.lower()
            if not any([word in lowered for word in near]):
                continue
        for pattern in patterns:
            for first, last in where:
                for match in pattern.finditer(text, first, last):
                    start, end = match.span()
                    if any([start < other and begin < end for _, begin, other in found]) or not check(match.group()):
                        continue
                    if not near or _is_near(near, lowered, start, end):
                        found.append((kind, start, end))
    return found


def _places(text: str) -> "List[Tuple[int, int]]":
    """Parts of the text that may hold a value with digits; they do not overlap."""
    places: "List[Tuple[int, int]]" = []
    if not any([digit in text for digit in "0123456789"]):  # ten times faster than the pattern
        return places
    for match in _DIGITS.finditer(text):
        start, end = max(0, match.start() - _REACH), match.start() + _LENGTH
        if places and start <= places[-1][1]:
            places[-1] = (places[-1][0], end)
        else:
            places.append((start, end))
    return places


def _prepare() -> None:
    generated: "Any" = boot.load("_generated.pii_kinds")
    checks: "Any" = boot.load("pii_checks")
    _kinds.extend([(kind, [re.compile(pattern) for pattern in patterns], checks.CHECKS[check], near) for kind, patterns, check, near in generated.KINDS])


def _is_near(near: "Tuple[str, ...]", lowered: str, start: int, end: int) -> bool:
    before, behind = lowered[max(0, start - _BEFORE) : start], lowered[end : end + _BEHIND]
    return any([_stands_in(before, word) or _stands_in(behind, word) for word in near])


def _stands_in(text: str, word: str) -> bool:
    """Whether a word begins somewhere in a text, so that `bsn` is not met in `absn`."""
    at = text.find(word)
    while at >= 0:
        if at == 0 or not text[at - 1].isalpha():
            return True
        at = text.find(word, at + 1)
    return False
