"""Oracle Database through python-oracledb, thin and thick, synchronous and asyncio.

Watches: the making of a connection (`BaseConnection._connect`, or `Connection.__init__` and `AsyncConnection._connect` of older releases); `execute`,
`executemany`, `callproc`, `callfunc`, `fetchone`, `fetchmany`, `fetchall` and `__next__`/`__anext__` of the cursors. All are Python over a C core.
Emits: db.connect; db.query for each call of these: executions, rows, errors.
Leaves alone and why: parameters; data frames (`fetch_df_all`) and pipelines, which go past the cursors.
Versions: 1.0 to 26.1. No Oracle server can run here: only what fails before a server answers, and what the patched methods look like, is tested.
Source: https://python-oracledb.readthedocs.io
"""

import sys

from ... import dbapi, patching, wrappers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, List, Optional, Tuple

VERSIONS = ">=1.0"
EMITS = ("db.connect", "db.query")
PATCHES = ("oracledb",)

UNDO: "List[Any]" = []
SYSTEM = "oracle.db"
_GENERATOR = 0x20  # CO_GENERATOR


def instrument(module: "Any") -> None:
    """Replaces the methods."""
    if UNDO:
        return
    wrapping = wrappers.Wrapping("oracledb", UNDO)
    connections, cursors = sys.modules["oracledb.connection"], sys.modules["oracledb.cursor"]
    shared = vars(getattr(connections, "BaseConnection", connections.Connection)).get("_connect")
    if shared is not None and shared.__code__.co_flags & _GENERATOR:
        wrapping.after(connections.BaseConnection, "_connect", _connected, "generator")
    else:
        wrapping.after(connections.Connection, "__init__", _connected)
        if hasattr(connections, "AsyncConnection"):
            wrapping.after(connections.AsyncConnection, "_connect", _connected, "coroutine")
    for name, form, following in (("Cursor", "plain", "__next__"), ("AsyncCursor", "coroutine", "__anext__")):
        kind = getattr(cursors, name, None)
        if kind is None:
            continue
        wrapping.statement(kind, "execute", _of_statement, _rows, _keep, form)
        wrapping.statement(kind, "executemany", _of_statement, _rows, _keep, form)
        wrapping.statement(kind, "callproc", _of_call, _none, None, form)
        wrapping.statement(kind, "callfunc", _of_call, _none, None, form)
        wrapping.after(kind, "fetchone", _fetched, form)
        wrapping.after(kind, following, _fetched, form)
        wrapping.after(kind, "fetchmany", _fetched_many, form)
        wrapping.after(kind, "fetchall", _fetched_many, form)


def uninstrument() -> None:
    """Takes the patches back."""
    patching.restore(UNDO)


def _place(dsn: object) -> "Tuple[Optional[str], Optional[str], Optional[str]]":
    """Host, port and service of an easy-connect text or a connect descriptor; a bare alias is its own host."""
    if not isinstance(dsn, str):
        return None, None, None
    text = dsn.strip()
    if text.startswith("("):
        return _inside(text, "HOST"), _inside(text, "PORT"), _inside(text, "SERVICE_NAME") or _inside(text, "SID")
    text = text.rpartition("//")[2].rpartition("@")[2].partition("?")[0]
    host, _, service = text.partition("/")
    host, _, port = host.partition(":")
    return host or None, port or "1521", service.partition(":")[0] or None


def _inside(text: str, name: str) -> "Optional[str]":
    upper = text.upper().replace(" ", "")
    at = upper.find("(%s=" % name)
    if at < 0:
        return None
    return text.replace(" ", "")[at + len(name) + 2 :].partition(")")[0] or None


def _server(connection: "Any") -> dbapi.Server:
    read = dbapi.read
    host, port, service = _place(read(connection, "dsn"))
    return dbapi.server(SYSTEM, host, port, service, read(connection, "username"))


def _connected(connection: "Any", result: object, error: "Any", args: "Any", named: "Any") -> None:
    found = _server(connection)
    if error is not None:  # the connection itself knows nothing yet
        read = dbapi.read
        core_part = next((each for each in args if hasattr(each, "connect_params")), None)
        parameters = read(core_part, "connect_params") or next((each for each in args if hasattr(each, "service_name")), None) or named.get("params")
        dsn = read(core_part, "dsn") or next((each for each in args if isinstance(each, str)), None) or named.get("dsn")
        host, port, service = _place(dsn)
        user = (named.get("kwargs") or named).get("user") or read(parameters, "user")
        found = dbapi.server(SYSTEM, host or read(parameters, "host"), port or read(parameters, "port"), service or read(parameters, "service_name"), user)
    dbapi.opened(found, error)


def _describe(cursor: "Any", statement: object) -> "Any":
    connection = dbapi.read(cursor, "connection")
    statement = statement if statement is not None else dbapi.read(cursor, "statement")
    return (dbapi.of(connection, _server), statement, statement) if connection is not None else None


def _of_statement(cursor: "Any", args: "Any", named: "Any") -> "Any":
    return _describe(cursor, args[0] if args else named.get("statement"))


def _of_call(cursor: "Any", args: "Any", named: "Any") -> "Any":
    return _describe(cursor, "CALL %s" % (args[0] if args else named.get("name")))


def _none(cursor: "Any", result: object) -> int:
    return 0


def _rows(cursor: "Any", result: object) -> int:
    rows = dbapi.read(cursor, "rowcount")
    return rows if isinstance(rows, int) and dbapi.read(cursor, "description") is None else 0


def _keep(cursor: "Any", activity: "Any", result: object) -> None:
    try:
        cursor._sentinel_found = activity
    except AttributeError:  # a cursor with slots
        pass


def _fetched(cursor: "Any", result: object, error: "Any", args: object, named: object) -> None:
    if error is None and result is not None:
        dbapi.more(dbapi.read(cursor, "_sentinel_found"), 1)


def _fetched_many(cursor: "Any", result: "Any", error: "Any", args: object, named: object) -> None:
    if error is None:
        dbapi.more(dbapi.read(cursor, "_sentinel_found"), len(result))
