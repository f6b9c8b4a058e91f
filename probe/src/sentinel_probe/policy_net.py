"""Blocks of IP addresses: the twin of `packages/policy/src/operators/in-net.ts`. `ipaddress` would cost the script an import."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, List, Optional, Tuple

_DIGITS = frozenset("0123456789")
_HEX = frozenset("0123456789abcdefABCDEF")


def matcher(nets: "List[str]") -> "Callable[[Any], bool]":
    """Question whether a text is an address inside one of the blocks."""
    blocks = [net for net in [_net(text) for text in nets] if net is not None]

    def ask(value: str) -> bool:
        found = address(value)
        if found is None:
            return False
        family, number = found
        return any([family == own and number >> shift == first >> shift for own, first, shift in blocks])

    return ask


def _net(text: str) -> "Optional[Tuple[int, int, int]]":
    base, _, length = text.partition("/")
    found = address(base)
    if found is None:
        return None
    bits = 32 if found[0] == 4 else 128
    return found[0], found[1], bits - int(length or bits)


def address(text: str) -> "Optional[Tuple[int, int]]":
    """Family and number of an address; None where the text is none."""
    if "." in text:
        return _address4(text)
    halves = text.split("::")
    if len(halves) > 2 or ":" not in text:
        return None
    groups = [half.split(":") if half else [] for half in halves]
    given = sum([len(half) for half in groups])
    if any([not 0 < len(group) <= 4 or not _HEX.issuperset(group) for half in groups for group in half]):
        return None
    if given > 7 if len(halves) == 2 else given != 8:
        return None
    number = 0
    for group in groups[0] + ["0"] * (8 - given) + (groups[1] if len(groups) == 2 else []):
        number = number << 16 | int(group, 16)
    return 6, number


def _address4(text: str) -> "Optional[Tuple[int, int]]":
    parts = text.split(".")
    if len(parts) != 4:
        return None
    number = 0
    for part in parts:
        if not 0 < len(part) <= 3 or not _DIGITS.issuperset(part) or (part[0] == "0" and part != "0") or int(part) > 255:
            return None
        number = number << 8 | int(part)
    return 4, number
