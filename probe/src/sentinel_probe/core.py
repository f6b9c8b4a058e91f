"""Activities of the run: one record each, counted in place, written in bursts.

An `A` record carries the time of the first sighting, its totals those of the moment it is written.

A sensor looks its record up in a dictionary of its own and calls `touch`; only a new target takes the slow path.
`slow` lets one thread at a time in and never waits: what another thread brings meanwhile is done by the one inside.

Writing: at once if the last write is older than 50 ms, else once 64 records wait; changed counters at most every
quarter second, less often as the file grows. Caps: 20,000 activities and 4 MB, then one `(other)` a type.
"""

import sys
from _thread import get_ident
from time import monotonic, time_ns

from . import boot

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any, Callable, Dict, List, Optional, Tuple

    Pairs = Tuple[Tuple[str, object], ...]

MOST_ACTIVITIES = 20_000
MOST_BYTES = 4_000_000
MOST_LATER = 1_000
BURST = 64
PAUSE_S = 0.05
#: Records that a failed write keeps for the next one.
KEPT_LINES = 2_000
LATE_NS = 100_000_000

#: Attributes of the record that stands for all further targets of a type.
OTHER = "(other)"
OTHERS = {
    "db.connect": ("db.system.name",),
    "db.query": ("db.system.name", "db.operation.name"),
    "file.change": ("file.path", "sentinel.file.operation"),
    "file.open": ("file.path", "sentinel.file.operation"),
    "http.request": ("server.address", "http.request.method", "url.scheme"),
    "module.import": ("sentinel.module.name",),
    "net.connect": ("network.transport",),
    "net.listen": ("network.local.address",),
    "probe.error": ("error.type",),
    "process.spawn": ("process.executable.name", "sentinel.process.launcher"),
}


class Activity:
    """One distinct thing the run does, with its totals."""

    __slots__ = (
        *("attributes", "bytes_in", "bytes_out", "changes", "count", "due", "errors", "first", "id"),
        *("is_change", "rows", "sent", "status", "step", "ticked", "type"),
    )

    def __init__(self, type_: str, attributes: "Pairs") -> None:
        self.type = type_
        self.attributes: "Optional[Pairs]" = attributes  # None once written
        self.changes: "Optional[Dict[str, object]]" = None  # attributes to add with the next change
        self.id = 0
        self.first = time_ns()
        self.count = self.bytes_in = self.bytes_out = self.rows = self.errors = 0
        self.due = 1  # count at which the clock is looked at again
        self.step = 1
        self.ticked = 0.0
        self.sent = ""  # totals as last written
        self.is_change = False  # whether a statement changes rows
        self.status = 0  # last HTTP status, for http.request


#: Takes the counts of a target that is known and not to be recorded.
IGNORED = Activity("", ())
IGNORED.due = sys.maxsize

STDLIB_NAMES: "Any" = getattr(sys, "stdlib_module_names", frozenset())

_known: "Dict[Tuple[str, Pairs], Activity]" = {}
_written: "List[Activity]" = []
_new: "List[Activity]" = []
_last_id = 0
_last_sweep = 0.0
#: Functions that bring counts kept elsewhere up to date, called before a write of changes.
HARVESTERS: "List[Callable[[], None]]" = []
#: Functions that drop what a sensor knows, called in the child of a fork.
FORGETTERS: "List[Callable[[], None]]" = []


def slow(function: "Callable[..., Any]", *args: "Any") -> "Any":
    """Calls the function with the probe to itself; None where it was put off or the call comes from inside."""
    me = get_ident()
    holder = boot.OWNER
    if holder.get(0) == me:
        return None
    owner = me
    try:
        owner = holder.setdefault(0, me)
        if owner != me:
            if len(boot.LATER) < MOST_LATER:
                boot.LATER.append((slow, (function, *args)))
            else:
                boot.STATE.dropped += 1
            return None
        result = function(*args)
        if boot.LATER:
            _catch_up()
        if _new or boot.PENDING:
            flush()
        return result
    finally:
        if owner == me:
            holder.pop(0, None)


def _catch_up() -> None:
    """Does what other threads brought while this one was inside. What is new to a sensor goes through its handler, from outside."""
    events: "List[Any]" = []
    while boot.LATER:
        function, args = boot.LATER.pop(0)
        if function is slow:
            args[0](*args[1:])
        else:
            events.append((function, args))
    if events:
        owner = boot.OWNER.pop(0, None)
        for function, args in events:
            function(*args)
        if owner is not None:
            boot.OWNER[0] = owner


def activity(type_: str, attributes: "Pairs") -> Activity:
    """Gives the record of that target, a new one where there is none. Only from inside `slow`."""
    global _last_id
    key = (type_, attributes)
    found = _known.get(key)
    if found is None:
        if (len(_known) >= MOST_ACTIVITIES or boot.STATE.size > MOST_BYTES) and type_ != "probe.error":
            boot.STATE.dropped += 1
            attributes = tuple([(name, OTHER) for name in OTHERS[type_]])
            key = (type_, attributes)
            found = _known.get(key)
            if found is not None:
                return found
        _last_id += 1
        found = Activity(type_, attributes)
        found.id = _last_id
        _known[key] = found
        _new.append(found)
    return found


def is_full() -> bool:
    """Whether further targets go into `(other)`; such targets must not be cached."""
    return len(_known) >= MOST_ACTIVITIES or boot.STATE.size > MOST_BYTES


def count(type_: str, attributes: "Pairs", errors: int = 0) -> Activity:
    """Counts one more of that target. Only from inside `slow`."""
    found = activity(type_, attributes)
    found.count += 1
    found.errors += errors
    return found


def touch(found: Activity) -> None:
    """Counts one more of a known target, from anywhere."""
    number = found.count + 1
    found.count = number
    if number >= found.due:
        slow(tick, found)


def tick(found: Activity) -> None:
    """Looks at the clock for an activity that was counted: seldom while it is busy, always while it is not."""
    now = monotonic()
    if now - found.ticked > PAUSE_S:
        found.step = 1
    elif found.step < BURST:
        found.step *= 2
    found.ticked = now
    found.due = found.count + found.step
    if _new or now - _last_sweep > _sweep_pause():
        flush()


def _sweep_pause() -> float:
    size = boot.STATE.size
    return 0.25 if size < 1_000_000 else 10.0 if size < MOST_BYTES else 3600.0


def flush() -> None:
    """Writes what is due. Only from inside `slow`."""
    if boot.STATE.ended or len(_new) >= BURST or monotonic() - boot.STATE.written > PAUSE_S:
        waiting = collect(False)
        if waiting:
            if boot.append(waiting):
                boot.STATE.lines = []
            elif len(waiting) > KEPT_LINES:
                boot.STATE.dropped += len(waiting) - KEPT_LINES
                del waiting[:-KEPT_LINES]


def collect(final: bool) -> "List[str]":
    """Adds the records that are due to those that wait, and gives them; everything if `final`.

    A signal handler of the script may raise anywhere in here: each step leaves a state from which the next call goes on. At worst
    a line comes twice, which the format allows.
    """
    global _last_sweep
    lines: "List[str]" = boot.STATE.lines
    if final and boot.LATER:
        _catch_up()
    now_ns = time_ns()
    moment = "\t%d\t" % now_ns
    if boot.PENDING:
        _resolve_imports(final)
    while _new:
        each = _new[0]
        totals = _totals(each)
        line = "A\t%d\t%s\t%d\t" % (each.id, each.type, each.first) + totals + boot.attributes(each.attributes or ()) + _changes(each)
        lines.append(line)
        if each.count > 1 and now_ns - each.first > LATE_NS:  # the record states its first time; say the last one too
            lines.append("C\t%d" % each.id + moment + totals)
        each.sent = totals
        each.changes = None
        _written.append(each)
        del _new[0]
        each.attributes = None
    now = monotonic()
    if final or now - _last_sweep > _sweep_pause():
        _last_sweep = now
        for harvest in HARVESTERS:
            harvest()
        for each in _written:
            totals = _totals(each)
            if totals != each.sent or each.changes:
                lines.append("C\t%d" % each.id + moment + totals + _changes(each))
                each.sent = totals
                each.changes = None
    return lines


def _totals(each: Activity) -> str:
    return "%d\t%d\t%d\t%d\t%d" % (each.count, each.bytes_in, each.bytes_out, each.rows, each.errors)


def _changes(each: Activity) -> str:
    return boot.attributes(tuple(each.changes.items())) if each.changes else ""


def _resolve_imports(final: bool) -> None:
    going_on = []
    while boot.PENDING:
        name, first, asked = boot.PENDING[0]
        module = sys.modules.get(name)
        spec = getattr(module, "__spec__", None)
        if module is not None and getattr(spec, "_initializing", False) and not final:
            going_on.append(boot.PENDING[0])
        elif module is not None:
            kind, path = _origin(name, module, spec)
            if asked or kind not in ("stdlib", "builtin"):
                attributes = (("sentinel.module.name", name), ("sentinel.module.kind", kind), ("sentinel.module.path", path))
                found = activity("module.import", attributes)
                found.count = 1
                found.first = first
        del boot.PENDING[0]
    boot.PENDING.extend(going_on)


def _origin(name: str, module: "ModuleType", spec: "Any") -> "Tuple[str, Optional[str]]":
    path = getattr(spec, "origin", None) or getattr(module, "__file__", None)
    if name in sys.builtin_module_names or path == "built-in":
        return "builtin", None
    if path == "frozen":
        return "stdlib", None
    if not isinstance(path, str):
        places = getattr(spec, "submodule_search_locations", None)
        path = next(iter(places), None) if places else None
        if not isinstance(path, str):
            return "local", None
    folder = path.replace("\\", "/")
    if "/site-packages/" in folder or "/dist-packages/" in folder:
        return "distribution", path
    if path.startswith(boot.STDLIB) or name in STDLIB_NAMES:
        return "stdlib", path
    return "local", path


def has_records() -> bool:
    """Whether this process has observed anything."""
    return bool(_new or _written)


def forget() -> None:
    """Drops everything: the child of a fork is a run of its own."""
    global _last_id, _last_sweep
    _known.clear()
    del _written[:], _new[:]
    boot.STATE.lines = []
    _last_id = 0
    _last_sweep = 0.0
    for each in FORGETTERS:
        each()
