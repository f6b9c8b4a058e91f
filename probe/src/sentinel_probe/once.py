"""Activities that happen once and of which a run may have thousands: files. A line and an id each, and nothing more in memory.

`note` writes the line of a new one at once, without a record of it; `relieve` takes back the records of those that got one and were written. Should one
happen again, `revive` makes its record from its id. Loaded when a run has many activities, and again in the child of a fork.
"""

from time import time_ns

from . import boot, core, origin

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Optional

#: Two views of plain memory, 10 bytes each: the 64-bit hashes of type and attributes, and the ids; a hash stands at its place or the next free one.
_PLACES = 32_768
_keys: "Any" = memoryview(bytearray(8 * _PLACES)).cast("q")
_ids: "Any" = memoryview(bytearray(2 * _PLACES)).cast("H")
#: How many of each type are but an id.
COUNTS = {"file.open": 0, "file.change": 0}
#: Longest path of a line that is written at once.
_LONGEST = 400


def note(type_: str, path: str, operation: str, size: "Optional[int]" = None) -> bool:
    """Counts a file that is new, where its line is all there is to it; gives whether that was so. Only from inside `slow`, called by what that runs."""
    if core._new or core._is_late or core._deciding is not False or core.is_full():
        return False
    key = hash((type_, (("file.path", path), ("sentinel.file.operation", operation))))
    if key in core._known or len(path) > _LONGEST or not path.isprintable() or "\\" in path:
        return False
    place = key & _PLACES - 1
    if _keys[place]:
        place = _place(key)
        if _keys[place]:
            return False
    id_ = core.next_id()
    more = "" if size is None else "\tfile.size\t%d" % size
    boot.STATE.lines.append(
        f"A\t{id_}\t{type_}\t{time_ns()}\t{core.ONCE}\tfile.path\t{path}\tsentinel.file.operation\t{operation}{origin.find(type_)}{more}"
    )
    _keys[place], _ids[place] = key, id_
    COUNTS[type_] += 1
    core.noted += 1
    return True


def relieve() -> None:
    """Gives back the memory of activities that happened once."""
    kept = {each.id for reliever in core.RELIEVERS for each in reliever()}
    staying = []
    for each in core._written:
        is_once = each.type in COUNTS and each.count == each.told == 1 and each.sent == core.ONCE
        if is_once and each.id not in kept and not (each.changes or each.refusal or each.known):
            place = _place(each.key)
            _keys[place], _ids[place] = each.key, each.id
            core._known.pop(each.key, None)
            COUNTS[each.type] += 1
        else:
            staying.append(each)
    core._written[:] = staying


def _place(key: int) -> int:
    """Where a hash stands among the ids, or the free place where it would."""
    place = key & _PLACES - 1
    while _keys[place] and _keys[place] != key:
        place = place + 1 & _PLACES - 1
    return place


def revive(key: int, type_: str) -> "Optional[core.Activity]":
    """Makes the record of an activity again; None where there was none."""
    place = _place(key)
    if not _keys[place]:
        return None
    found = core._known[key] = core.Activity(type_, ())
    found.id = _ids[place]
    found.key = key
    found.attributes = None
    found.count = found.told = 1
    found.sent = core.ONCE
    COUNTS[type_] -= 1
    core._written.append(found)
    return found

