"""MySQL and MariaDB through MySQL Connector/Python: pure, C extension and asyncio.

Watches: `connect` of the connection classes; `execute`, `executemany` and `callproc` of each cursor class that defines them; `get_rows` of the
connections, through which all rows of all cursors come (a connection has one unread result at most).
Emits: db.connect; db.query for each call of these: executions, rows, errors.
Leaves alone and why: parameters; what the library runs itself (session variables, warnings); `cmd_query` called directly.
Versions: 8.0.33 to 26.10. Source: https://dev.mysql.com/doc/connector-python/en/
"""

import sys

from ... import dbapi, patching, wrappers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, List

VERSIONS = ">=8.0.33"
EMITS = ("db.connect", "db.query")
PATCHES = ("mysql.connector", "mysql.connector.aio")

UNDO: "List[Any]" = []
_done: "List[str]" = []


def instrument(module: "Any") -> None:
    """Replaces the methods of the classes that are there."""
    name = module.__name__
    if name in _done:
        return
    _done.append(name)
    wrapping = wrappers.Wrapping("mysql.connector", UNDO)
    is_async = name.endswith(".aio")
    form = "coroutine" if is_async else "plain"
    for folder in ("abstracts", "connection", "connection_cext", "cursor", "cursor_cext"):
        part = sys.modules.get(name + "." + folder)
        if part is None:
            continue
        for kind in list(vars(part).values()):
            if not isinstance(kind, type) or kind.__module__ != part.__name__:
                continue
            if folder.startswith("cursor"):
                wrapping.statement(kind, "execute", _of_statement, _rows, _keep, form)
                wrapping.statement(kind, "executemany", _of_many, _rows, _keep_many, form)
                wrapping.statement(kind, "callproc", _of_call, _rows, _keep_many, form)
            elif not getattr(vars(kind).get("get_rows"), "__isabstractmethod__", False):
                wrapping.after(kind, "get_rows", _fetched, form)
            if not folder.startswith("cursor") and not getattr(vars(kind).get("connect"), "__isabstractmethod__", False):
                wrapping.after(kind, "connect", _connected, form)
            if folder in ("connection", "connection_cext"):
                wrapping.after(kind, "cmd_init_db", _selected, form)


def uninstrument() -> None:
    """Takes the patches back."""
    patching.restore(UNDO)
    _done.clear()


def _server(connection: "Any") -> dbapi.Server:
    read = dbapi.read
    version = str(read(connection, "_server_info") or read(connection, "_handshake") or "")
    if "mariadb" not in version.lower():
        version = str(dbapi.ask(read(connection, "_cmysql"), "get_server_info") or version)
    system = "mariadb" if "mariadb" in version.lower() else "mysql"
    return dbapi.server(
        system,
        read(connection, "_unix_socket") or read(connection, "_host"),
        read(connection, "_port"),
        read(connection, "_database"),
        read(connection, "_user"),
    )


def _connected(connection: "Any", result: object, error: "Any", args: object, named: object) -> None:
    found = _server(connection)
    dbapi.opened(found, error)
    if error is None:
        dbapi.remember(connection, found)


def _selected(connection: "Any", result: object, error: "Any", args: "Any", named: "Any") -> None:
    if error is None:
        dbapi.elsewhere(connection, _server, args[0] if args else named.get("database"))


def _connection(cursor: "Any") -> "Any":
    """Connection of a cursor; the C extension's cursors called it otherwise before 8.1."""
    return dbapi.read(cursor, "_connection") or dbapi.read(cursor, "_cnx")


def _describe(cursor: "Any", statement: object) -> "Any":
    connection = _connection(cursor)
    if connection is None or not statement or cursor.__dict__.get("_sentinel_busy"):
        return None
    connection._sentinel_found = None
    connection._sentinel_early = 0
    statement = dbapi.key(statement)
    return dbapi.of(connection, _server), statement, statement


def _of_statement(cursor: "Any", args: "Any", named: "Any") -> "Any":
    return _describe(cursor, args[0] if args else named.get("operation"))


def _of_many(cursor: "Any", args: "Any", named: "Any") -> "Any":
    rows = args[1] if len(args) > 1 else named.get("seq_params")
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
    early = dbapi.read(_connection(cursor), "_sentinel_early") or 0
    if cursor.description is None and not early:
        rows = dbapi.read(cursor, "rowcount")
        return rows if isinstance(rows, int) and 0 < rows < 1 << 62 else 0
    return int(early)


def _keep(cursor: "Any", activity: "Any", result: object) -> None:
    connection = _connection(cursor)
    if connection is not None:
        connection._sentinel_found = activity
        connection._sentinel_early = 0
        if activity is not None and activity.count < 3:
            name = dbapi.used(dbapi.read(cursor, "_executed"))
            if name:
                dbapi.elsewhere(connection, _server, name)


def _keep_many(cursor: "Any", activity: "Any", result: object) -> None:
    cursor._sentinel_busy = False
    _keep(cursor, activity, None)


def _fetched(connection: "Any", result: "Any", error: "Any", args: object, named: object) -> None:
    if error is None and result and result[0]:
        state = connection.__dict__
        activity = state.get("_sentinel_found")
        if activity is not None:
            activity.rows += len(result[0])
        else:  # a buffered cursor takes its rows within execute
            state["_sentinel_early"] = state.get("_sentinel_early", 0) + len(result[0])
