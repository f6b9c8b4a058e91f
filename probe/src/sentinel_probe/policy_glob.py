"""Patterns of paths: the twin of `packages/policy/src/operators/glob.ts`, whose page says what they mean."""

from .policy import fold

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, List, Set, Tuple

#: Parts of a pattern that are no character.
ONE, SOME, ALL, FOLDERS = 1, 2, 3, 4


def matcher(patterns: "List[str]") -> "Callable[[Any], bool]":
    """Question whether a path fits one of the patterns. The usual shapes are looked up, however many there are; others are gone through."""
    exact: "Set[str]" = set()
    beginnings: "List[str]" = []
    by_name: "Dict[str, List[str]]" = {}
    by_folder: "Dict[str, List[str]]" = {}
    others: "List[Tuple[str, str, List[Any]]]" = []
    for pattern in patterns:
        parts = parts_of(pattern)
        head, rest = _split(parts)
        if not rest:
            exact.add(head)
        elif rest == [ALL]:
            beginnings.append(head)
        elif head or rest[0] != FOLDERS or len(rest) < 2:
            others.append((head, _longest(rest), rest))
        else:
            text, behind = _split(rest[1:])
            if not behind:  # **/name: the whole path, or what stands behind a slash
                by_name.setdefault(text.rsplit("/", 1)[-1], []).append(text)
            elif behind == [ALL] and text[-1:] == "/" and text[0] != "/":  # **/folder/**
                by_folder.setdefault(text.split("/", 1)[0], []).append(text)
            else:
                others.append((head, _longest(rest), rest))
    starts = tuple(beginnings)
    named = {name: (frozenset(texts), tuple(["/" + text for text in texts])) for name, texts in by_name.items()}
    folders = {name: (tuple(texts), ["/" + text for text in texts]) for name, texts in by_folder.items()}
    lacks_folder = frozenset(folders).isdisjoint

    def ask(value: str) -> bool:
        path = value.lower() if value.isascii() else fold(value)
        if "\\" in path:
            path = path.replace("\\", "/")
        if starts and path.startswith(starts):
            return True
        if path in exact:
            return True
        if named:
            found = named.get(path[path.rfind("/") + 1 :])
            if found is not None and (path in found[0] or path.endswith(found[1])):
                return True
        if folders:
            names = path.split("/")
            if not lacks_folder(names):
                for name in names:
                    inside = folders.get(name)
                    if inside is not None and (path.startswith(inside[0]) or any([text in path for text in inside[1]])):
                        return True
        for head, needed, parts in others:
            if needed in path and path.startswith(head) and fits(path[len(head) :], parts):
                return True
        return False

    return ask


def _longest(parts: "List[Any]") -> str:
    """The longest text that a path must have somewhere to fit."""
    longest = run = ""
    for part in parts:
        run = run + part if type(part) is str else ""
        if len(run) > len(longest):
            longest = run
    return longest


def _split(parts: "List[Any]") -> "Tuple[str, List[Any]]":
    """Characters that a path must begin with, and the parts behind them."""
    size = 0
    while size < len(parts) and type(parts[size]) is str:
        size += 1
    return "".join(parts[:size]), parts[size:]


def parts_of(pattern: str) -> "List[Any]":
    """Parts of a pattern, slashes and case made plain."""
    text = fold(pattern.replace("\\", "/"))
    parts: "List[Any]" = []
    at = 0
    while at < len(text):
        char = text[at]
        if char == "?":
            parts.append(ONE)
        elif char != "*":
            parts.append(char)
        elif text[at + 1 : at + 2] != "*":
            parts.append(SOME)
        else:
            start = at
            while text[at + 1 : at + 2] == "*":
                at += 1
            is_folders = text[at + 1 : at + 2] == "/" and (start == 0 or text[start - 1] == "/")
            if is_folders:
                at += 1
            parts.append(FOLDERS if is_folders else ALL)
        at += 1
    return parts


def fits(path: str, parts: "List[Any]") -> bool:
    """Runs all ways through the pattern side by side: time is length times parts, whatever the pattern."""
    size = len(parts)
    current: "Set[int]" = set()
    _enter(current, parts, 0)
    if size == 1 and parts[0] == ALL:
        return True
    for char in path:
        following: "Set[int]" = set()
        for at in current:
            if at == size:
                continue
            part = parts[at]
            if part == ALL or (part == SOME and char != "/"):
                _enter(following, parts, at)
            elif part == FOLDERS:
                following.add(at)
                if char == "/":
                    _enter(following, parts, at + 1)
            elif part == char or (part == ONE and char != "/"):
                _enter(following, parts, at + 1)
        if not following:
            return False
        if size - 1 in following and parts[-1] == ALL:
            return True
        current = following
    return size in current


def _enter(states: "Set[int]", parts: "List[Any]", at: int) -> None:
    states.add(at)
    while at < len(parts) and parts[at] in (SOME, ALL, FOLDERS):
        at += 1
        states.add(at)
