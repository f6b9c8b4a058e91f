"""MySQL and MariaDB through mysqlclient (MySQLdb).

Watches: `Connection.__init__` and `select_db`; `BaseCursor.execute`, `executemany`, `callproc`, and `_fetch_row`, through which every row of both
kinds of cursors comes. Python classes over the C module `_mysql`, whose methods are replaced.
Emits: db.connect; db.query for each call of these: executions, rows, errors.
Leaves alone and why: parameters; `Connection.query` called directly (no cursor, so no method of Python's); names from option files
(read by the C library) are not known.
Versions: 2.0 to 2.3. Source: https://mysqlclient.readthedocs.io
"""

import sys

from ... import dbapi, patching, wrappers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, List

VERSIONS = ">=2.0"
EMITS = ("db.connect", "db.query")
PATCHES = ("MySQLdb.connections", "MySQLdb.cursors")

UNDO: "List[Any]" = []
_done: "List[str]" = []


def instrument(module: "Any") -> None:
    """Replaces the methods; the two modules are imported one by one, as they are needed."""
    if module.__name__ in _done:
        return
    _done.append(module.__name__)
    wrapping = wrappers.Wrapping("MySQLdb", UNDO)
    if module.__name__ == "MySQLdb.connections":
        wrapping.after(module.Connection, "__init__", _connected)
        wrapping.after(module.Connection, "select_db", _selected, is_inherited=True)
    else:
        base = module.BaseCursor
        wrapping.statement(base, "execute", _of_statement, _rows, _keep)
        wrapping.statement(base, "executemany", _of_many, _rows, _keep_many)
        wrapping.statement(base, "callproc", _of_call, _rows, _keep_many)
        wrapping.after(base, "_fetch_row", _fetched)


def uninstrument() -> None:
    """Takes the patches back."""
    patching.restore(UNDO)
    _done.clear()


def _server(connection: "Any", args: "Any" = (), named: "Any" = None) -> dbapi.Server:
    named = named or {}
    given = dict(zip(("host", "user", "password", "database", "port"), args))
    given.update(named)
    version = dbapi.ask(connection, "get_server_info") or ""
    if isinstance(version, bytes):
        version = version.decode("latin-1")
    system = "mariadb" if "mariadb" in str(version).lower() else "mysql"
    host = given.get("unix_socket") or given.get("host") or "localhost"
    return dbapi.server(system, host, given.get("port") or 3306, given.get("database", given.get("db")), given.get("user"))


def _connected(connection: "Any", result: object, error: "Any", args: "Any", named: "Any") -> None:
    found = _server(connection if error is None else None, args, named)
    dbapi.opened(found, error)
    if error is None:
        dbapi.remember(connection, found)


def _selected(connection: "Any", result: object, error: "Any", args: "Any", named: "Any") -> None:
    if error is None and args:
        dbapi.elsewhere(connection, _server, args[0])


def _describe(cursor: "Any", statement: object) -> "Any":
    connection = cursor.connection
    if connection is None or cursor.__dict__.get("_sentinel_busy"):
        return None
    statement = dbapi.key(statement)
    cursor._sentinel_found = None
    cursor._sentinel_early = 0
    return dbapi.of(connection, _server), statement, statement


def _of_statement(cursor: "Any", args: "Any", named: "Any") -> "Any":
    return _describe(cursor, args[0] if args else named.get("query"))


def _of_many(cursor: "Any", args: "Any", named: "Any") -> "Any":
    rows = args[1] if len(args) > 1 else named.get("args")
    described = _of_statement(cursor, args, named) if rows else None
    if described is not None:
        cursor._sentinel_busy = True
    return described


def _of_call(cursor: "Any", args: "Any", named: "Any") -> "Any":
    name = args[0] if args else named.get("procname")
    described = _describe(cursor, "CALL %s" % (name.decode("utf-8", "replace") if isinstance(name, bytes) else name))
    if described is not None:
        cursor._sentinel_busy = True
    return described


def _rows(cursor: "Any", result: object) -> int:
    if cursor.description is not None:
        early: int = cursor._sentinel_early
        return early
    rows = cursor.rowcount
    return rows if isinstance(rows, int) and rows < sys.maxsize else 0


def _keep(cursor: "Any", activity: "Any", result: object) -> None:
    cursor._sentinel_found = activity
    if activity is not None and activity.count < 3:
        name = dbapi.used(cursor._executed)
        if name and cursor.connection is not None:
            dbapi.elsewhere(cursor.connection, _server, name)


def _keep_many(cursor: "Any", activity: "Any", result: object) -> None:
    cursor._sentinel_busy = False
    cursor._sentinel_found = activity


def _fetched(cursor: "Any", result: "Any", error: "Any", args: object, named: object) -> None:
    if error is None and result:
        state = cursor.__dict__
        activity = state.get("_sentinel_found")
        if activity is not None:
            activity.rows += len(result)
        else:  # a buffered cursor takes its rows within execute
            state["_sentinel_early"] = state.get("_sentinel_early", 0) + len(result)
