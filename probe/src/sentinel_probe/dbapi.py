"""What the sensors of database drivers share: servers, statements, counts.

A `Server` is what all statements of a connection have in common; it keeps statement to record, so that a repeated statement costs one
dictionary lookup. A statement counts when it has ended, with its error where it failed; `Exception`s raised by our own code never reach the script.
"""

import sys

from . import boot, core, sql

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, List, Optional, Tuple

_IS_TOGETHER = core.IS_FREE_THREADED
#: Operations whose row count is one of changed rows.
CHANGES = frozenset(["INSERT", "UPDATE", "DELETE", "REPLACE", "MERGE", "COPY"])
#: Texts a server remembers; more are texts with literals in them, each seen once.
MOST_TEXTS = 5_000
#: Most connections that are told apart; later ones count for the record of their first.
MOST_SERVERS = 2_000

_servers: "Dict[Tuple[object, ...], Server]" = {}


class Server:
    """Product, place, database and user of a connection, and the records of its statements."""

    __slots__ = ("known", "pairs", "system")

    def __init__(self, system: str, pairs: "core.Pairs") -> None:
        self.system = system
        self.pairs = pairs
        self.known: "Dict[Any, core.Activity]" = {}


def server(system: str, address: object = None, port: object = None, namespace: object = None, user: object = None) -> Server:
    """Gives the server of these facts; each may be None, a text or bytes, the port a number or its text."""
    key = (system, _text(address), _port(port), _text(namespace), _text(user))
    found = _servers.get(key)
    if found is None:
        if len(_servers) >= MOST_SERVERS:
            _servers.clear()
        pairs = (
            ("db.system.name", system),
            ("server.address", key[1]),
            ("server.port", key[2]),
            ("db.namespace", key[3]),
            ("sentinel.db.user", key[4]),
        )
        found = _servers[key] = Server(system, pairs)
    return found


def _text(value: object) -> "Optional[str]":
    if value is None or value == "":
        return None
    if isinstance(value, (bytes, bytearray)):
        return bytes(value).decode("utf-8", "replace")
    return value if type(value) is str else str(value)


def _port(value: object) -> "Optional[int]":
    try:
        return int(value) or None  # type: ignore[call-overload]
    except (TypeError, ValueError):
        return None


def read(thing: "Any", *names: str) -> "Any":
    """Value at the end of a chain of attributes; None where the library refuses to give it."""
    try:
        for name in names:
            thing = getattr(thing, name)
    except Exception as error:
        trace = error.__traceback__
        while trace is not None:
            if trace.tb_next is None and not _is_below_us(trace.tb_frame):
                raise  # from a signal handler of the script
            trace = trace.tb_next
        return None
    return thing


def ask(thing: "Any", name: str) -> "Any":
    """What a method of the library gives; None where it refuses."""
    method = read(thing, name)
    return attempt(method) if method is not None else None


def attempt(call: "Any", *args: "Any") -> "Any":
    """What a call into the library gives; None where it refuses."""
    try:
        return call(*args)
    except Exception as error:
        trace = error.__traceback__
        while trace is not None:
            if trace.tb_next is None and not _is_below_us(trace.tb_frame):
                raise  # from a signal handler of the script
            trace = trace.tb_next
        return None


def _is_below_us(frame: "Any") -> bool:
    return (
        str(frame.f_globals.get("__name__")).startswith("sentinel_probe.")
        or "-packages" in frame.f_code.co_filename
        or frame.f_code.co_filename.startswith(boot.STDLIB)
    )


def of(connection: "Any", make: "Callable[[Any], Server]") -> Server:
    """Server of a connection, remembered in the connection where it has room for that."""
    try:
        found: Server = connection._sentinel_server
        return found
    except AttributeError:
        found = make(connection)
        return remember(connection, found)


def remember(connection: "Any", found: Server) -> Server:
    """Has a connection belong to that server from now on."""
    try:
        connection._sentinel_server = found
    except Exception:
        pass
    return found


def elsewhere(connection: "Any", make: "Callable[[Any], Server]", namespace: object) -> None:
    """A connection changed its database."""
    pairs = dict(of(connection, make).pairs)
    remember(connection, server(str(pairs["db.system.name"]), pairs["server.address"], pairs["server.port"], namespace, pairs["sentinel.db.user"]))


def used(text: object) -> "Optional[str]":
    """Database that a `USE x` statement names; None where it is another statement."""
    if isinstance(text, (bytes, bytearray)):
        text = bytes(text).decode("utf-8", "replace")
    if isinstance(text, str) and text[:4].lower() in ("use ", "use\t", "use\n"):
        return text[4:].strip().rstrip(";").strip().strip('`"[]') or None
    return None


def key(statement: object) -> object:
    """A text as it can be looked up: what cannot be hashed becomes bytes."""
    return bytes(statement) if isinstance(statement, bytearray) else statement


def opened(found: Server, error: "Optional[BaseException]" = None) -> None:
    """Counts a connection that was made, or failed to be."""
    core.slow(_opened, found, type(error).__name__ if error is not None else None)


def _opened(found: Server, error: "Optional[str]") -> None:
    activity = core.count("db.connect", found.pairs, 1 if error else 0)
    if error:
        _name_error(activity, error)


def _name_error(activity: core.Activity, error: str) -> None:
    changes = activity.changes = activity.changes or {}
    changes["error.type"] = error


def find(found: Server, statement: object, text: object) -> "Optional[core.Activity]":
    """Record of a statement; None where another thread is inside the slow path (then count with `late`)."""
    try:
        known = found.known.get(statement)
    except TypeError:  # not hashable
        known = None
    return known if known is not None else core.slow(_first, found, statement, text)


class Named:
    """Stands for a text: a command whose parts are known, and the rows each call stands for."""

    __slots__ = ("operation", "rows", "tables")

    def __init__(self, operation: str, rows: int = 0, tables: str = "") -> None:
        self.operation = operation
        self.rows = rows
        self.tables = tables


def _first(found: Server, statement: object, text: object) -> core.Activity:
    if isinstance(text, Named):
        return named(found, statement, text.operation, text.tables, None)
    if callable(text):
        text = text()
    if isinstance(text, (bytes, bytearray)):
        text = bytes(text).decode("utf-8", "replace")
    operation, tables, summary = sql.summarise(text, found.system) if isinstance(text, str) else ("OTHER", "", "")
    return named(found, statement, operation, tables, summary)


def named(found: Server, statement: object, operation: str, tables: str, summary: "Optional[str]") -> core.Activity:
    """Record of a statement whose parts are known. Only from inside `core.slow`."""
    pairs = (("db.operation.name", operation), ("db.collection.name", tables), ("db.query.summary", summary))
    activity = core.activity("db.query", found.pairs + pairs)
    if operation in CHANGES:
        activity.is_change = True
    if not core.is_full():
        if len(found.known) >= MOST_TEXTS:
            found.known.clear()
        try:
            found.known[statement] = activity
        except TypeError:
            pass
    return activity


def done(activity: "Optional[core.Activity]", described: "Tuple[Server, object, object]", rows: int, error: "Optional[BaseException]" = None) -> None:
    """Counts a statement that has ended."""
    if activity is None or error is not None:
        core.slow(_late, activity, described, rows, type(error).__name__ if error is not None else None)
        return
    if _IS_TOGETHER:
        number = core.add(activity, 1, max(rows, 0))
    else:
        if rows > 0:
            activity.rows += rows
        number = activity.count + 1
        activity.count = number
    if number >= activity.due:
        core.slow(core.tick, activity)


def _late(activity: "Optional[core.Activity]", described: "Tuple[Server, object, object]", rows: int, error: "Optional[str]") -> None:
    if activity is None:
        found, statement, text = described
        try:
            activity = found.known.get(statement)
        except TypeError:
            pass
        if activity is None:
            activity = _first(found, statement, text)
    core.add(activity, 1, max(rows, 0))
    if error is not None:
        activity.errors += 1
        _name_error(activity, error)
    core.tick(activity)


#: Running loops over rows that the server still sends: counter, our own calls of it, record.
_loops: "List[List[Any]]" = []
_MOST_LOOPS = 256


def counted(rows: "Any", activity: "Optional[core.Activity]") -> "Any":
    """An iterator over the same rows that counts them in C."""
    tools = sys.modules.get("itertools")
    if tools is None or activity is None:
        return rows
    if len(_loops) >= _MOST_LOOPS:
        _harvest()
        del _loops[: _MOST_LOOPS // 2]
    counter = tools.count(1)
    _loops.append([counter, 1, activity])
    return tools.compress(rows, counter)


def _harvest() -> None:
    for loop in _loops:
        number = next(loop[0])  # rows so far, plus our own calls
        loop[2].rows += number - loop[1]
        loop[1] = number + 1


def more(activity: "Optional[core.Activity]", rows: int) -> None:
    """Adds rows that came after the statement itself."""
    if activity is not None and rows > 0:
        if _IS_TOGETHER:
            core.add(activity, rows=rows)
        else:
            activity.rows += rows


def failed(activity: "Optional[core.Activity]", error: BaseException) -> None:
    """Counts an error that came after the statement itself."""
    if activity is not None:
        core.slow(_failed, activity, type(error).__name__)


def _failed(activity: core.Activity, error: str) -> None:
    activity.errors += 1
    _name_error(activity, error)


def _forget() -> None:
    for each in _servers.values():
        each.known.clear()
    _loops.clear()


core.HARVESTERS.append(_harvest)
core.FORGETTERS.append(_forget)
