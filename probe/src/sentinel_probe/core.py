"""Activities of the run: one record each, counted in place, written in bursts.

An `A` record carries the time of the first sighting, its totals those of the moment it is written.

A sensor looks its record up in a dictionary of its own and calls `touch`; only a new target takes the slow path.
`slow` lets one thread at a time in and never waits: what another thread brings meanwhile is done by the one inside.

Writing: at once if the last write is older than 50 ms, else once 64 records wait; changed counters at most every
quarter second, less often as the file grows. Caps: 20,000 activities and 4 MB, then one `(other)` a type.
"""

import sys
from _thread import RLock, get_ident
from time import monotonic, time_ns

from . import boot, origin

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any, Callable, Dict, Iterable, List, Optional, Tuple

    Pairs = Tuple[Tuple[str, object], ...]

MOST_ACTIVITIES = 20_000
MOST_BYTES = 4_000_000
MOST_LATER = 10_000
BURST = 64
PAUSE_S = 0.05
#: Records that a failed write keeps for the next one.
KEPT_LINES = 2_000
LATE_NS = 100_000_000
#: How long a module may be looked for before it counts as not imported.
IMPORTING_NS = 5_000_000_000

#: Attributes of the record that stands for all further targets of a type.
OTHER = "(other)"
OTHERS = {
    "ai.request": ("gen_ai.provider.name", "gen_ai.operation.name"),
    "code.load": ("sentinel.code.kind",),
    "com.call": ("sentinel.com.prog_id",),
    "db.connect": ("db.system.name",),
    "db.query": ("db.system.name", "db.operation.name"),
    "desktop.use": ("sentinel.desktop.kind",),
    "dns.resolve": ("dns.question.name",),
    "document.use": ("sentinel.document.format", "sentinel.file.operation"),
    "file.change": ("file.path", "sentinel.file.operation"),
    "file.open": ("file.path", "sentinel.file.operation"),
    "http.request": ("server.address", "http.request.method", "url.scheme"),
    "http.serve": ("http.request.method", "url.scheme"),
    "mail.send": ("sentinel.library.name",),
    "mcp.call": ("mcp.method.name",),
    "module.import": ("sentinel.module.name",),
    "net.accept": ("network.transport",),
    "net.connect": ("network.transport",),
    "net.listen": ("network.local.address",),
    "package.install": ("sentinel.distribution.name",),
    "probe.error": ("error.type",),
    "probe.tamper": ("sentinel.tamper.kind",),
    "notebook.cell": ("sentinel.notebook.cell",),
    "process.spawn": ("process.executable.name", "sentinel.process.launcher"),
    "storage.call": ("cloud.provider", "sentinel.storage.operation"),
}
#: Audit events that are handled.
EVENTS = len(boot.SENSORS)
#: Types of which nothing but the count and attributes change.
COUNTED_ONLY = frozenset(["file.change", "file.open", "module.import"])
ONCE = "1\t0\t0\t0\t0"
#: Types whose origin is known or says nothing.
WITHOUT_ORIGIN = frozenset(["module.import", "probe.error"])
#: Types that are decided on elsewhere, with more facts, or never.
UNDECIDED = frozenset(["ai.request", "module.import", "probe.error"])


class Activity:
    """One distinct thing the run does, with its totals."""

    # Most activities happen once: what rarely changes stands here, not in each of them.
    bytes_in = bytes_out = rows = errors = 0
    step = 1
    ticked = 0.0
    key = 0  # what it is known by
    sent = ""  # totals as last written
    told = 0  # the count in them
    origin = ""  # attribute fields that say where it comes from, until written
    judged = 0  # which reading of the policies decided on it, 0 for none
    changes: "Optional[Dict[str, object]]" = None  # attributes to add with the next change
    is_change = False  # whether a statement changes rows
    status = 0  # last HTTP status, for http.request
    refusal: "Any" = None  # exception that a policy stops it with, each time
    known: "Optional[Pairs]" = None  # attributes once written, where a policy may ask for them again

    def __init__(self, type_: str, attributes: "Pairs") -> None:
        self.type = type_
        self.attributes: "Optional[Pairs]" = attributes  # None once written
        self.id = self.count = 0
        self.due = 1  # count at which the clock is looked at again
        self.first = time_ns()


#: Takes the counts of a target that is known and not to be recorded.
IGNORED = Activity("", ())
IGNORED.due = sys.maxsize

STDLIB_NAMES: "Any" = getattr(sys, "stdlib_module_names", frozenset())

#: By the hash of type and attributes, 64 bits: what is written need not be kept in memory.
_known: "Dict[int, Activity]" = {}
#: Types of which a run may have thousands, each once.
RELIEVED = frozenset(["file.open", "file.change"])
#: Activities from which on these are not kept in memory; until then the module that does that, `once`, is not worth loading.
FEW = 64
#: New activities after which memory is given back.
RELIEF = 1_024
#: Functions that let go of records a sensor remembers, and give those that it cannot do without.
RELIEVERS: "List[Callable[[], Iterable[Activity]]]" = []
_written: "List[Activity]" = []
_new: "List[Activity]" = []
_last_id = 0
#: Lines that `once` wrote since the last flush; and that module, where there are enough activities.
noted = 0
once: "Any" = None
_last_sweep = 0.0
#: Whether what is being counted was brought by another thread, whose frames are not these.
_is_late = False
#: Module that asks the policies; None until they were looked for, False where there are none.
_deciding: "Any" = None
#: Activity of the call under way that a policy stops.
_refused: "Optional[Activity]" = None
#: Functions that bring counts kept elsewhere up to date, called before a write of changes.
HARVESTERS: "List[Callable[[], None]]" = []
#: Functions that drop what a sensor knows, called in the child of a fork.
FORGETTERS: "List[Callable[[], None]]" = []


def slow(function: "Callable[..., Any]", *args: "Any") -> "Any":
    """Calls the function with the probe to itself; None where it was put off or the call comes from inside."""
    global _refused
    me = get_ident()
    holder = boot.OWNER
    if holder and holder.get(0) == me:
        return None
    owner = me
    refused: "Optional[Activity]" = None
    try:
        owner = holder.setdefault(0, me)
        if owner != me and _deciding is not False and boot.has_policy():
            owner = boot.wait(me)
        if owner != me:
            if len(boot.LATER) < MOST_LATER:
                boot.LATER.append((slow, (function, *args)))
            else:
                boot.STATE.dropped += 1
            return None
        result = function(*args)
        if _refused is not None:
            refused = _refused
            _refused = None
        if boot.LATER:
            _catch_up()
        if noted >= BURST or len(_new) >= BURST or ((noted or _new or boot.PENDING) and (monotonic() - boot.STATE.written > PAUSE_S or boot.STATE.ended)):
            flush()
    finally:
        if owner == me:
            holder.pop(0, None)
    if refused is not None:
        boot.load("blocking").stop(refused.refusal)
    return result


def _catch_up() -> None:
    """Does what other threads brought while this one was inside. What is new to a sensor goes through its handler, from outside."""
    global _is_late, _refused
    events: "List[Any]" = []
    _is_late = True
    try:
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
    finally:
        _is_late = False
        _refused = None


def activity(type_: str, attributes: "Pairs") -> Activity:
    """Gives the record of that target, a new one where there is none. Only from inside `slow`."""
    global _refused
    key = hash((type_, attributes))
    found = _known.get(key)
    if found is None and once is not None and type_ in RELIEVED:
        found = once.revive(key, type_)
    if found is None:
        if (_last_id >= MOST_ACTIVITIES or boot.STATE.size > MOST_BYTES) and type_ != "probe.error":
            boot.STATE.dropped += 1
            attributes = tuple([(name, OTHER) for name in OTHERS[type_]])
            key = hash((type_, attributes))
            other = _known.get(key)
            if other is not None:
                return other
        found = Activity(type_, attributes)
        found.id = next_id()
        found.key = key
        if type_ not in WITHOUT_ORIGIN and not _is_late:
            found.origin = origin.find(type_)
        _known[key] = found
        _new.append(found)
        if _deciding is not False:
            found.known = attributes
            if type_ not in UNDECIDED:
                _ask(found)
    elif _deciding and found.known is not None:
        _deciding.anew(found)
    if found.refusal is not None:
        found.due = 0  # every further one comes to `tick`
        _refused = found
    return found


def next_id() -> int:
    """Id of a new activity. Only from inside `slow`."""
    global _last_id, once
    _last_id += 1
    if _last_id == FEW:
        once = boot.load("once")
    elif _last_id % RELIEF == 0 and once is not None:
        once.relieve()
    return _last_id


def _ask(found: Activity) -> None:
    """Has the policies decide on a new activity. They are looked for once a run, when its first activity is there."""
    _look_for_policies()
    if _deciding:
        _deciding.decide(found)


def _look_for_policies() -> None:
    global _deciding
    if _deciding is None:
        if not boot.has_policy():
            _deciding = False
            return
        # Also where they say nothing yet: a run that goes on for days is to hear of the first one.
        _deciding = boot.load("deciding")
        _deciding.load()


def is_late() -> bool:
    """Whether what is looked at now was brought by another thread, whose frames are not these."""
    return _is_late


def deciding() -> "Any":
    """The module that asks the policies; None where there are none."""
    return _deciding if _deciding and _deciding.holds() else None


def policies() -> "Any":
    """As `deciding`, but looks for them where nothing has happened yet."""
    _look_for_policies()
    return _deciding or None


def is_refusing() -> bool:
    """Whether the call under way is to be stopped. Only from inside `slow`."""
    return _refused is not None


def refuse(found: Activity) -> None:
    """Has the call under way stopped. Only from inside `slow`."""
    global _refused
    _refused = found


def total(type_: str, metric: str) -> int:
    """Sum of a metric (count, bytes_in, bytes_out, rows, errors) over the activities of a type so far."""
    return sum([int(getattr(each, metric)) for each in list(_known.values()) if each.type == type_]) + (
        once.COUNTS.get(type_, 0) if once is not None and metric == "count" else 0
    )


def activity_of(type_: str, attributes: "Pairs") -> "Optional[Activity]":
    """Gives the record of that target where there is one."""
    key = hash((type_, attributes))
    found = _known.get(key)
    return once.revive(key, type_) if found is None and once is not None and type_ in RELIEVED else found


def is_full() -> bool:
    """Whether further targets go into `(other)`; such targets must not be cached."""
    return _last_id >= MOST_ACTIVITIES or boot.STATE.size > MOST_BYTES or _refused is not None


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


def _touch_together(found: Activity) -> None:
    """`touch` where threads truly run at once (free-threaded builds), and would lose counts."""
    lock = _counting[0]
    if lock.acquire(True, 0.02):
        try:
            number = found.count + 1
            found.count = number
        finally:
            lock.release()
    else:  # whoever holds it was stopped for good, as daemon threads are at the end of the interpreter
        _counting[0] = RLock()
        number = found.count + 1
        found.count = number
    if number >= found.due:
        slow(tick, found)


def add(found: Activity, count: int = 0, rows: int = 0, bytes_in: int = 0, bytes_out: int = 0) -> int:
    """Adds to the totals where threads truly run at once; gives the count. Everywhere else callers add for themselves, without a call."""
    lock = _counting[0]
    is_mine = lock.acquire(True, 0.02)
    if not is_mine:  # as in `_touch_together`
        _counting[0] = RLock()
    try:
        found.rows += rows
        found.bytes_in += bytes_in
        found.bytes_out += bytes_out
        number = found.count + count
        found.count = number
    finally:
        if is_mine:
            lock.release()
    return number


#: Whether nothing but a lock keeps two threads from counting at once.
IS_FREE_THREADED = not getattr(sys, "_is_gil_enabled", lambda: True)()
#: Re-entrant, so that a signal handler of the script may run while it is held; a child of a fork gets a new one.
_counting = [RLock()]
if IS_FREE_THREADED:
    touch = _touch_together


def tick(found: Activity) -> None:
    """Looks at the clock for an activity that was counted: seldom while it is busy, always while it is not."""
    global _refused
    if _deciding and found.known is not None:
        _deciding.anew(found)
    if found.refusal is not None:
        _refused = found
        return
    now = monotonic()
    if _deciding and found.known is not None:
        _deciding.again(found)
        if found.refusal is not None:
            _refused = found
            found.due = 0
            return
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
    if boot.STATE.ended or noted >= BURST or len(_new) >= BURST or monotonic() - boot.STATE.written > PAUSE_S:
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
    global _last_sweep, noted
    lines: "List[str]" = boot.STATE.lines
    noted = 0
    if final and boot.LATER:
        _catch_up()
    now_ns = time_ns()
    moment = "\t%d\t" % now_ns
    if boot.PENDING:
        _resolve_imports(final)
    if final:
        for part in missing_parts():
            count("probe.tamper", (("sentinel.tamper.kind", part),))
    while _new:
        each = _new[0]
        totals = ONCE if each.count == 1 and each.type in COUNTED_ONLY else _totals(each)
        more = _changes(each) if each.changes else ""
        lines.append(f"A\t{each.id}\t{each.type}\t{each.first}\t{totals}{boot.attributes(each.attributes or ())}{each.origin}{more}")
        if each.count > 1 and now_ns - each.first > LATE_NS:  # the record states its first time; say the last one too
            lines.append("C\t%d" % each.id + moment + totals)
        each.sent = totals
        each.told = each.count
        if each.changes:
            each.changes = None
        _written.append(each)
        del _new[0]
        each.attributes = None
        if each.origin:
            each.origin = ""
    now = monotonic()
    if final or now - _last_sweep > _sweep_pause():
        _last_sweep = now
        for harvest in HARVESTERS:
            harvest()
        for each in _written:
            if each.told == each.count and each.type in COUNTED_ONLY and not each.changes:
                continue
            totals = _totals(each)
            if totals != each.sent or each.changes:
                each.told = each.count
                lines.append("C\t%d" % each.id + moment + totals + _changes(each))
                each.sent = totals
                each.changes = None
    return lines


def missing_parts() -> "List[str]":
    """What somebody took from the probe while it ran."""
    finders = sys.meta_path
    parts = [] if finders is None or boot.STATE in finders else ["finder taken out"]
    return parts if len(boot.SENSORS) >= EVENTS else [*parts, "event table"]


def _totals(each: Activity) -> str:
    return f"{each.count}\t{each.bytes_in}\t{each.bytes_out}\t{each.rows}\t{each.errors}"


def _changes(each: Activity) -> str:
    return boot.attributes(tuple(each.changes.items())) if each.changes else ""


def _resolve_imports(final: bool) -> None:
    global _refused
    refused = _refused  # nothing that was imported stops what is under way
    going_on = []
    while boot.PENDING:
        name, first, asked = boot.PENDING[0]
        module = sys.modules.get(name)
        spec = getattr(module, "__spec__", None)
        is_on_its_way = getattr(spec, "_initializing", False) if module is not None else time_ns() - first < IMPORTING_NS
        if is_on_its_way and not final:
            going_on.append(boot.PENDING[0])
        elif module is not None:
            kind, path = origin_of(name, module, spec)
            if asked or kind not in ("stdlib", "builtin"):
                attributes = (("sentinel.module.name", name), ("sentinel.module.kind", kind), ("sentinel.module.path", path))
                found = activity("module.import", attributes)
                found.count = 1
                found.first = first
        del boot.PENDING[0]
    boot.PENDING.extend(going_on)
    _refused = refused


def origin_of(name: str, module: "Optional[ModuleType]", spec: "Any") -> "Tuple[str, Optional[str]]":
    """Kind of a module by its place, and its file or folder."""
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
    return bool(_new or _written or noted)


def forget() -> None:
    """Drops everything: the child of a fork is a run of its own."""
    global _last_id, _last_sweep, noted, once
    _counting[0] = RLock()
    _known.clear()
    boot.LOADED.pop("once", None)
    once = None
    noted = 0
    del _written[:], _new[:]
    boot.STATE.lines = []
    _last_id = 0
    _last_sweep = 0.0
    for each in FORGETTERS:
        each()
