"""MySQL and MariaDB through PyMySQL, and through aiomysql, its asyncio twin.

Watches: `Connection.connect` (`_connect`) and `select_db`; `Cursor.execute`, `executemany` and `callproc`; `SSCursor.read_next` (`_read_next`), through which
each row of an unbuffered cursor goes. Python classes, so their methods are replaced.
Emits: db.connect; db.query for each call of these: executions, rows, errors. A buffered cursor has all its rows when execute returns.
Leaves alone and why: parameters; what the library runs itself while it connects; further result sets of one call.
Versions: PyMySQL 0.9 to 1.2, aiomysql 0.1 to 0.3. Source: https://pymysql.readthedocs.io, https://aiomysql.readthedocs.io
"""

from ... import dbapi, patching, wrappers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, List

VERSIONS = ">=0.9"
EMITS = ("db.connect", "db.query")
PATCHES = ("pymysql", "aiomysql")

UNDO: "List[Any]" = []
_done: "List[str]" = []
#: More "rows" than any statement has: an unbuffered cursor's count.
_UNKNOWN = 1 << 62


def instrument(module: "Any") -> None:
    """Replaces the methods."""
    name = module.__name__
    if name in _done:
        return
    _done.append(name)
    connection, cursors = module.connection.Connection if name == "aiomysql" else module.connections.Connection, module.cursors
    form, prefix = ("coroutine", "_") if name == "aiomysql" else ("plain", "")
    wrapping = wrappers.Wrapping("pymysql", UNDO)
    wrapping.after(connection, prefix + "connect", _connected, form)
    wrapping.after(connection, "select_db", _selected, form)
    wrapping.statement(cursors.Cursor, "execute", _of_statement, _rows, _keep, form)
    wrapping.statement(cursors.Cursor, "executemany", _of_many, _rows, _keep_many, form)
    wrapping.statement(cursors.Cursor, "callproc", _of_call, _rows, _keep_many, form)
    wrapping.after(cursors.SSCursor, prefix + "read_next", _row, form)


def uninstrument() -> None:
    """Takes the patches back."""
    patching.restore(UNDO)
    _done.clear()


def _server(connection: "Any") -> dbapi.Server:
    read = dbapi.read
    version = read(connection, "server_version")
    system = "mariadb" if isinstance(version, str) and "mariadb" in version.lower() else "mysql"
    return dbapi.server(
        system, read(connection, "unix_socket") or read(connection, "host"), read(connection, "port"), read(connection, "db"), read(connection, "user")
    )


def _connected(connection: "Any", result: object, error: "Any", args: object, named: object) -> None:
    found = _server(connection)
    dbapi.opened(found, error)
    if error is None:
        dbapi.remember(connection, found)


def _selected(connection: "Any", result: object, error: "Any", args: "Any", named: "Any") -> None:
    if error is None:
        dbapi.elsewhere(connection, _server, args[0] if args else named.get("db"))


def _describe(cursor: "Any", statement: object) -> "Any":
    connection = cursor.connection
    if connection is None or cursor.__dict__.get("_sentinel_busy"):
        return None
    statement = dbapi.key(statement)
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
    described = _describe(cursor, "CALL %s" % (args[0] if args else named.get("procname")))
    if described is not None:
        cursor._sentinel_busy = True
    return described


def _rows(cursor: "Any", result: object) -> int:
    rows = cursor.rowcount
    return rows if isinstance(rows, int) and rows < _UNKNOWN else 0


def _keep(cursor: "Any", activity: "Any", result: object) -> None:
    cursor._sentinel_found = activity
    if result is not None and activity is not None and activity.count < 3:  # a repeated USE changes nothing
        name = dbapi.used(cursor._executed)
        if name and cursor.connection is not None:
            dbapi.elsewhere(cursor.connection, _server, name)


def _keep_many(cursor: "Any", activity: "Any", result: object) -> None:
    cursor._sentinel_busy = False
    cursor._sentinel_found = activity


def _row(cursor: "Any", result: object, error: "Any", args: object, named: object) -> None:
    if result is not None and error is None:
        dbapi.more(cursor.__dict__.get("_sentinel_found"), 1)
