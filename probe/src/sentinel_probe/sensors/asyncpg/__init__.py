"""PostgreSQL through asyncpg.

Watches: the methods `prepare`, `query`, `bind_execute`, `bind_execute_many`, `bind`, `execute`, `copy_in` and `copy_out` of
`asyncpg.protocol.protocol.Protocol`, a Python class over the C protocol, through which every connection, pool, prepared statement and cursor goes;
`asyncpg.connect_utils._connect` for connections.
Emits: db.connect; db.query for each statement: executions, rows, errors. Statements of asyncpg's own (types, resets of pooled connections) run under the
same account and are counted too.
Leaves alone and why: parameters. The server tells no rows for executemany: the number of parameter sets stands for them where it is known.
Versions: 0.22 to 0.32. Source: https://magicstack.github.io/asyncpg/
"""

import sys

from ... import dbapi, patching, wrappers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, List

VERSIONS = ">=0.22"
EMITS = ("db.connect", "db.query")
PATCHES = ("asyncpg",)

UNDO: "List[Any]" = []
SYSTEM = "postgresql"


def instrument(module: "Any") -> None:
    """Replaces the protocol's methods in its Python subclass."""
    if UNDO:
        return
    protocol = sys.modules["asyncpg.protocol.protocol"].Protocol
    wrapping = wrappers.Wrapping("asyncpg", UNDO)
    for name, describe, settle, keep in (
        ("query", _of_text, _of_status, None),
        ("bind_execute", _of_state, _of_result, _keep),
        ("bind_execute_many", _of_state, _none, _keep_many),
        ("bind", _of_state, _none, _keep),
        ("copy_in", _of_text, _of_status, None),
        ("copy_out", _of_text, _of_status, None),
    ):
        wrapping.statement(protocol, name, describe, settle, keep, "coroutine", True)
    wrapping.after(protocol, "prepare", _prepared, "coroutine", True)
    wrapping.after(protocol, "execute", _fetched, "coroutine", True)
    tools = sys.modules["asyncpg.connect_utils"]
    wrapping.function(tools, "_connect_addr", _connected, "coroutine")


def uninstrument() -> None:
    """Takes the patches back."""
    patching.restore(UNDO)


def _place(address: object, parameters: object) -> dbapi.Server:
    host, port = (address[0], address[1]) if isinstance(address, tuple) and len(address) > 1 else (address, None)
    return dbapi.server(SYSTEM, host, port, dbapi.read(parameters, "database") or dbapi.read(parameters, "user"), dbapi.read(parameters, "user"))


def _connected(result: object, error: "Any", args: object, named: "Any") -> None:
    found = _place(named.get("addr"), named.get("params"))
    dbapi.opened(found, error)
    protocol = dbapi.read(result, "_protocol")
    if protocol is not None:
        dbapi.remember(protocol, found)


def _server(protocol: "Any") -> dbapi.Server:
    return dbapi.server(SYSTEM)


def _of_text(protocol: "Any", args: "Any", named: "Any") -> "Any":
    text = args[0] if args else named.get("query", named.get("copy_stmt"))
    return dbapi.of(protocol, _server), text, text


def _of_state(protocol: "Any", args: "Any", named: "Any") -> "Any":
    text = dbapi.read(args[0] if args else named.get("state"), "query")
    protocol._sentinel_sets = args[1] if len(args) > 1 else named.get("args")
    return dbapi.of(protocol, _server), text, text


def _none(protocol: "Any", result: object) -> int:
    return 0


def _of_status(protocol: "Any", result: object) -> int:
    if isinstance(result, bytes):
        result = result.decode("ascii", "replace")
    number = result.rpartition(" ")[2] if isinstance(result, str) else ""
    return int(number) if number.isdigit() else 0


def _of_result(protocol: "Any", result: "Any") -> int:
    if isinstance(result, tuple):
        return len(result[0]) or _of_status(protocol, result[1])
    return len(result) if result else 0


def _keep(protocol: "Any", activity: "Any", result: object) -> None:
    protocol._sentinel_sets = None
    protocol._sentinel_found = activity


def _keep_many(protocol: "Any", activity: "Any", result: object) -> None:
    sets, protocol._sentinel_sets = protocol._sentinel_sets, None
    if activity is not None and isinstance(result, list) and result:
        activity.rows += len(result)
    elif activity is not None and activity.is_change and isinstance(sets, (list, tuple)):
        activity.rows += len(sets)


def _prepared(protocol: "Any", result: object, error: "Any", args: "Any", named: "Any") -> None:
    if error is not None:
        described = _of_text(protocol, args[1:], named)
        dbapi.done(dbapi.find(*described), described, 0, error)


def _fetched(protocol: "Any", result: object, error: "Any", args: object, named: object) -> None:
    if error is None:
        dbapi.more(dbapi.read(protocol, "_sentinel_found"), _of_result(protocol, result))
