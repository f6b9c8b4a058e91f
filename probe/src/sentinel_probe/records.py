"""Counting of what cannot be put off: the record of a connection or request is needed at once, by whoever sees its bytes.

`core.slow` lets one thread in and puts the others off. Here a thread that is put off gets a stand-in to count on; what it counts is added to
the real record when records are written. Also totals that are attributes (tokens), added by any thread.
"""

from _thread import get_ident

from . import boot, core

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List, Tuple

#: Stand-ins: itself, the real record, and what was added of it already.
_stand_ins: "List[List[Any]]" = []
MOST_STAND_INS = 5_000
#: What is to be added to a record: number attributes, and sets of kinds. Appended by any thread, taken by the one that writes.
_pending: "List[Tuple[core.Activity, Dict[str, Any]]]" = []
_totals: "Dict[core.Activity, Dict[str, Any]]" = {}
#: Attributes that are the largest of all calls rather than their sum.
_LARGEST = frozenset(["sentinel.ai.tools"])


def count(type_: str, attributes: "core.Pairs", failed: int = 0) -> core.Activity:
    """Counts one more of that target, from anywhere; gives its record, or a stand-in for it."""
    if boot.OWNER.get(0) == get_ident():
        return core.count(type_, attributes, failed)
    stand_in = core.Activity(type_, attributes)
    found: "core.Activity | None" = core.slow(_count, stand_in, failed)
    return stand_in if found is None else found


def _count(stand_in: core.Activity, failed: int) -> core.Activity:
    found = core.count(stand_in.type, stand_in.attributes or (), failed)
    if core._is_late and len(_stand_ins) < MOST_STAND_INS:
        _stand_ins.append([stand_in, found, (0, 0, 0, 0)])
    return found


def add(found: core.Activity, facts: "Dict[str, Any]") -> None:
    """Adds numbers and kinds to a record, from any thread."""
    if facts:
        _pending.append((found, facts))
        if len(_pending) > 1_000:
            core.slow(_harvest)


def _harvest() -> None:
    for entry in _stand_ins:
        stand_in, found, before = entry
        now = (stand_in.count, stand_in.bytes_in, stand_in.bytes_out, stand_in.errors)
        if now != before:
            entry[2] = now
            found.count += now[0] - before[0]
            found.bytes_in += now[1] - before[1]
            found.bytes_out += now[2] - before[2]
            found.errors += now[3] - before[3]
        if stand_in.changes:
            found.changes = {**(found.changes or {}), **stand_in.changes}
            stand_in.changes = None
    if _pending:
        real = {entry[0]: entry[1] for entry in _stand_ins}
        while _pending:
            found, facts = _pending.pop(0)
            _add(real.get(found, found), facts)


def _add(found: core.Activity, facts: "Dict[str, Any]") -> None:
    totals = _totals.setdefault(found, {})
    changes = dict(found.changes or ())
    for name, value in facts.items():
        if type(value) is int:
            value = max(totals.get(name, 0), value) if name in _LARGEST else totals.get(name, 0) + value
            totals[name] = changes[name] = value
        elif type(value) is str:
            changes[name] = value
        else:
            kinds = totals.setdefault(name, set())
            kinds.update(value)
            changes[name] = ",".join(sorted(kinds))
    found.changes = changes


def _forget() -> None:
    del _stand_ins[:], _pending[:]
    _totals.clear()


core.HARVESTERS.append(_harvest)
core.FORGETTERS.append(_forget)
