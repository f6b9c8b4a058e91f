"""Counts of the statements that run in SQLite databases: by database and text, shared by all connections and cursors of a thread's.

What is lent of a statement (see `tally`) stands beside its counts, so that a cursor finds it with one look.
Source: https://docs.python.org/3/library/sqlite3.html
"""

import sys
from _thread import get_ident

from . import core, errors, sql
from .tally import IGNORED, Tally, is_single, waiting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List, Optional

#: What the sensor patched; a fault of ours takes it back.
UNDO: "List[Any]" = []
#: Namespace to statement to its counts.
_statements: "Dict[Any, Dict[Any, Tally]]" = {}
#: The same to what may run of it without being counted one by one: an iterator; see `tally`.
_quick: "Dict[Any, Dict[Any, Any]]" = {}
#: Running `for` loops: row counter, calls of ours to it, counts.
_loops: "List[List[Any]]" = []
_DML = frozenset(["INSERT", "UPDATE", "DELETE", "REPLACE", "MERGE"])
_MOST_LOOPS = 256


def _counts_of(name: str) -> "Any":
    """Where the counts of a database's statements stand: where threads truly run at once, each thread that connects has its own."""
    return (name, get_ident()) if core.IS_FREE_THREADED else name


def attach(connection: "Any", name: str) -> None:
    """Tells a connection what its database is called and where its counts are."""
    key = _counts_of(name)
    connection._sentinel_known = _statements.setdefault(key, {})
    connection._sentinel_quick = _quick.setdefault(key, {})
    connection._sentinel_name = name


def _first(known: "Dict[Any, Tally]", name: str, statement: object) -> "Tally":
    early = known.get(statement)
    if early is not None and not early.is_waiting():
        return early
    operation, tables, summary = sql.summarise(statement, "sqlite") if isinstance(statement, str) else ("OTHER", "", "")
    activity = core.activity(
        "db.query",
        (
            ("db.system.name", "sqlite"),
            ("db.namespace", name),
            ("db.operation.name", operation),
            ("db.collection.name", tables),
            ("db.query.summary", summary),
        ),
    )
    if activity.refusal is not None:
        activity.count += 1
    if early is not None and activity.refusal is None:
        early.bind(activity, operation in _DML)
        return early
    known.pop(statement, None)
    found = Tally(activity, operation in _DML, operation == "INSERT" and is_single(str(statement)))
    if not core.is_full():
        if len(known) > 5_000:  # texts with literals in them, each seen once
            for each in known.values():
                each.settle()
            known.clear()
        known[statement] = found
    return found


def _miss(owner: "Any", statement: object) -> "Tally":
    """Counts of a statement that its database does not know yet."""
    try:
        known, name = owner._sentinel_known, owner._sentinel_name
    except AttributeError:  # made by the class, not by connect
        attach(owner, "(unknown)")
        known, name = owner._sentinel_known, owner._sentinel_name
    found: "Optional[Tally]" = known.get(statement)
    if found is None:
        found = core.slow(_first, known, name, statement)
        if found is None:  # another thread is inside the probe, and does that later; till then it is counted here
            found = known.setdefault(statement, waiting())
        if known.get(statement) is found:
            owner._sentinel_quick.setdefault(statement, ())  # to find none costs less than to fail
    return found


def late(owner: "Any", statement: object) -> "Tally":
    """As `_miss`, with the guard of all wrappers."""
    try:
        return _miss(owner, statement)
    except BaseException as error:
        if errors.survive("sqlite3.execute", error, UNDO):
            raise
        return IGNORED


def is_named(statement: object) -> bool:
    """Whether a statement may have named places, for which 3.12 and 3.13 warn where a sequence is given."""
    return isinstance(statement, str) and (":" in statement or "@" in statement or "$" in statement)


def adopt(cursor: "Any", connection: "Any") -> None:
    """Tells a cursor where the counts of its connection are."""
    try:
        cursor._sentinel_known, cursor._sentinel_quick = connection._sentinel_known, connection._sentinel_quick
    except AttributeError:  # the connection has none yet, or has no room for them
        pass


def lend(cursor: "Any", found: "Tally", statement: object, warns: bool) -> None:
    """Lends executions of a statement whose next ones need no look at them."""
    try:
        if cursor.description is None and cursor._sentinel_known.get(statement) is found and not (warns and is_named(statement)):
            found.lend(cursor._sentinel_quick, statement)
    except BaseException as error:
        if errors.survive("sqlite3.execute", error, UNDO):
            raise


def failed(connection: "Any", statement: object, number: int) -> None:
    """Notes that so many executions that were lent failed."""
    try:
        connection._sentinel_known[statement].errors += number
    except Exception:  # forgotten meanwhile
        pass


def is_ready(cursor: "Any") -> bool:
    """Whether a cursor's own constructor ran; if not, its call is about to fail as it does without us."""
    try:
        return cursor.connection is not None
    except Exception:
        return False


def counted(iterator: "Any", found: "Tally") -> "Any":
    tools = sys.modules.get("itertools")
    if tools is None:
        return iterator
    if len(_loops) >= _MOST_LOOPS:
        _harvest()
        del _loops[: _MOST_LOOPS // 2]
    counter = tools.count(1)
    _loops.append([counter, 1, found])
    return tools.compress(iterator, counter)


def _harvest() -> None:
    """Adds the rows of `for` loops to their counts, and all counts to their activities."""
    for loop in _loops:
        number = next(loop[0])  # rows so far, plus our own calls
        loop[2].rows += number - loop[1]
        loop[1] = number + 1
    for known in list(_statements.values()):
        for found in list(known.values()):
            found.settle()


def _forget() -> None:
    for known in (*_statements.values(), *_quick.values()):
        known.clear()
    _loops.clear()


core.HARVESTERS.append(_harvest)
core.FORGETTERS.append(_forget)
