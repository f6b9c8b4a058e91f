"""SQL Server through pymssql.

Watches: `pymssql.connect`; `execute`, `executemany`, `callproc`, `fetchone`, `fetchmany` and `fetchall` of its cursors, which are static C types: their
methods are replaced in the type's own dictionary (see `fixed_types`).
Emits: db.connect; db.query for each statement: executions, rows, errors.
Leaves alone and why: parameters; the lower module `pymssql._mssql` used directly; rows taken by a `for` loop (the interpreter calls the iterator
through a slot), until the cursor runs its next statement.
Versions: 2.2 to 2.4, against a stand-in of the wire protocol: no SQL Server runs here. Source: https://pymssql.readthedocs.io
"""

import sys

from ... import core, dbapi, fixed_types, patching, wrappers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List

VERSIONS = ">=2.2"
EMITS = ("db.connect", "db.query")
PATCHES = ("pymssql",)

UNDO: "List[Any]" = []
SYSTEM = "microsoft.sql_server"
_servers: "Dict[int, dbapi.Server]" = {}
_later: "Dict[int, core.Activity]" = {}
_MOST = 5_000
_ORDER = ("server", "user", "password", "database", "timeout", "login_timeout", "charset", "as_dict", "host", "appname", "port")


def instrument(module: "Any") -> None:
    """Replaces connect and, in the type's dictionary, the methods."""
    if UNDO:
        return
    native = sys.modules.get("pymssql._pymssql")
    cursor = fixed_types.methods(native.Cursor) if native is not None else None
    if cursor is None:
        return
    wrapping = wrappers.Wrapping("pymssql", UNDO)
    wrapping.function(module, "connect", _connected)
    wrapping.statement(cursor, "execute", _of_statement, _rows, _keep)
    wrapping.statement(cursor, "executemany", _of_statement, _rows, None)
    wrapping.statement(cursor, "callproc", _of_call, _rows, _keep)
    wrapping.after(cursor, "fetchone", _fetched)
    wrapping.after(cursor, "fetchmany", _fetched_many)
    wrapping.after(cursor, "fetchall", _fetched_many)
    for owner, name, _ in UNDO:
        fixed_types.keep(vars(owner)[name])


def uninstrument() -> None:
    """Takes the patches back."""
    patching.restore(UNDO)


def _connected(result: "Any", error: "Any", args: "Any", named: "Any") -> None:
    given = dict(zip(_ORDER, args))
    given.update(named)
    host, port = str(given.get("host") or given.get("server") or "."), given.get("port")
    for sign in (":", ","):
        name, found_sign, number = host.partition(sign)
        if found_sign and number.isdigit():
            host, port = name, number
    found = dbapi.server(SYSTEM, host, port or 1433, given.get("database"), given.get("user"))
    dbapi.opened(found, error)
    if result is not None:
        if len(_servers) >= _MOST:
            _servers.clear()
        _servers[object.__hash__(result)] = found


def _describe(cursor: "Any", statement: object) -> "Any":
    connection = dbapi.read(cursor, "connection")
    _later.pop(object.__hash__(cursor), None)
    if connection is None or not UNDO:
        return None
    return _servers.get(object.__hash__(connection)) or dbapi.server(SYSTEM), statement, statement


def _of_statement(cursor: "Any", args: "Any", named: "Any") -> "Any":
    return _describe(cursor, args[0] if args else named.get("operation"))


def _of_call(cursor: "Any", args: "Any", named: "Any") -> "Any":
    return _describe(cursor, "EXEC %s" % (args[0] if args else named.get("procname")))


def _rows(cursor: "Any", result: object) -> int:
    rows = dbapi.read(cursor, "rowcount")
    return rows if isinstance(rows, int) and dbapi.read(cursor, "description") is None else 0


def _keep(cursor: "Any", activity: "Any", result: object) -> None:
    if activity is not None and dbapi.read(cursor, "description") is not None:
        if len(_later) >= _MOST:
            _later.clear()
        _later[object.__hash__(cursor)] = activity


def _fetched(cursor: "Any", result: object, error: "Any", args: object, named: object) -> None:
    if error is None and result is not None:
        dbapi.more(_later.get(object.__hash__(cursor)), 1)


def _fetched_many(cursor: "Any", result: "Any", error: "Any", args: object, named: object) -> None:
    if error is None:
        dbapi.more(_later.get(object.__hash__(cursor)), len(result))


def _forget() -> None:
    _later.clear()


core.FORGETTERS.append(_forget)
