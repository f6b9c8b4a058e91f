"""Snowflake through snowflake-connector-python, synchronous and asyncio.

Watches: `__init__` of the connection class (`connect` of the asyncio one), and `execute`, `execute_async`, `executemany` and `callproc` of the cursor classes.
Python classes, so their methods are replaced; what one of them runs inside another counts once.
Emits: db.connect; db.query for each call of these: executions, rows, errors. The namespace is account and database ("acme-eu1|SHOP"). A cursor has the
number of its rows when execute returns, whether it fetches them or not. file.open for a file that a PUT names, where the library's native core reads it.
Leaves alone and why: parameters; `describe` (nothing runs); the rows of `execute_async` (known only later); statements of the library's own. Releases before
5.0 speak HTTP in Python: their requests are seen by `socket` as well. From 5.0 on a native core speaks: its peers and bytes are those seen from outside.
Versions: 3.0 to 5.2, against a stand-in for the service. Source: https://docs.snowflake.com/en/developer-guide/python-connector/python-connector-api
"""

import sys

from ... import core, dbapi, patching, sensor, wrappers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, List

VERSIONS = ">=3.0"
EMITS = ("db.connect", "db.query", "file.open")
PATCHES = ("snowflake.connector", "snowflake.connector.aio")

UNDO: "List[Any]" = []
_done: "List[str]" = []
SYSTEM = "snowflake"
#: First words of statements whose only row says that they were done.
_SAYING = frozenset("CREATE DROP ALTER UNDROP TRUNCATE COMMENT GRANT REVOKE USE SET UNSET BEGIN START COMMIT ROLLBACK".split())
_METHODS = ("execute", "execute_async", "executemany", "callproc")


def instrument(module: "Any") -> None:
    """Replaces the methods in the classes that define them."""
    name = module.__name__
    if name in _done:
        return
    _done.append(name)
    is_waited_for = name.endswith(".aio")
    form = "coroutine" if is_waited_for else "plain"
    wrapping = wrappers.Wrapping("snowflake.connector", UNDO)
    wrapping.after(_owner(module.SnowflakeConnection, "connect" if is_waited_for else "__init__"), "connect" if is_waited_for else "__init__", _connected, form)
    cursor = getattr(module, "SnowflakeCursor", None) or sys.modules[name + ".cursor"].SnowflakeCursor
    for method in _METHODS:
        if hasattr(cursor, method):
            owner = _owner(cursor, method)
            wrapping.statement(owner, method, _of_call if method == "callproc" else _of_statement, _rows, _keep, form)


def uninstrument() -> None:
    """Takes the patches back."""
    patching.restore(UNDO)
    _done.clear()


def _owner(kind: "Any", name: str) -> "Any":
    return next(each for each in kind.__mro__ if name in vars(each))


def _fact(connection: "Any", name: str) -> object:
    """What a connection knows of itself, asked below its public properties: newer releases report the use of those to the service."""
    known = vars(connection)
    facts = known.get("_connection_info")
    if facts is not None:
        return dbapi.attempt(facts.__getitem__, name)
    return known["_" + name] if "_" + name in known else dbapi.read(connection, "config", name)


def _place(host: object, port: object, account: object, database: object, user: object) -> dbapi.Server:
    if not host and account:
        host = "%s.snowflakecomputing.com" % account
    name = "|".join([str(part) for part in (account, database) if part])
    return dbapi.server(SYSTEM, host, port or 443, name, user)


def _server(connection: "Any") -> dbapi.Server:
    return _place(*[_fact(connection, name) for name in ("host", "port", "account", "database", "user")])


def _connected(connection: "Any", result: object, error: "Any", args: object, named: "Any") -> None:
    if error is None:
        dbapi.opened(dbapi.remember(connection, _server(connection)))
    else:
        given = {name: named.get(name) or dbapi.read(connection, "_" + name) for name in ("host", "port", "account", "database", "user")}
        dbapi.opened(_place(*given.values()), error)


def _describe(cursor: "Any", text: object) -> "Any":
    known = vars(cursor)
    connection = known.get("_connection")
    if connection is None or known.get("_sentinel_busy") or not isinstance(text, str):
        return None
    cursor._sentinel_busy = True
    if text[:4].upper() == "PUT " and "snowflake.connector._core" in sys.modules:
        _put(text)
    return dbapi.of(connection, _server), text, text


def _of_statement(cursor: "Any", args: "Any", named: "Any") -> "Any":
    if named.get("_describe_only"):
        return None
    return _describe(cursor, args[0] if args else named.get("operation", named.get("command")))


def _of_call(cursor: "Any", args: "Any", named: "Any") -> "Any":
    return _describe(cursor, "CALL %s" % (args[0] if args else named.get("procname")))


def _put(text: str) -> None:
    """Counts the file that `PUT 'file:///path' @stage` names."""
    _, sign, rest = text.partition("file://")
    if sign and rest:
        before = text[: text.index("file://")].strip()[-1:]
        path = rest.partition(before)[0] if before in ("'", '"') else rest.split(None, 1)[0]
        core.slow(core.count, "file.open", (("file.path", sensor.absolute(path)), ("sentinel.file.operation", "read")))


def _rows(cursor: "Any", result: object) -> int:
    if _operation(cursor).partition(" ")[0].upper() in _SAYING:
        return 0
    known = vars(cursor)
    rows = dbapi.read(known["_query_result"], "rowcount") if "_query_result" in known else known.get("_total_rowcount")
    return rows if isinstance(rows, int) else 0


def _keep(cursor: "Any", activity: "Any", result: object) -> None:
    cursor._sentinel_busy = False
    operation = _operation(cursor)
    if result is not None and operation[:3].upper() in ("USE", "CRE", "DRO") and "_connection" in vars(cursor):
        dbapi.remember(cursor._connection, _server(cursor._connection))  # it may have another database now


def _operation(cursor: "Any") -> str:
    known = vars(cursor)
    text = dbapi.read(known["_query_result"], "query") if "_query_result" in known else dbapi.read(cursor, "query")
    return text.lstrip() if isinstance(text, str) else ""
