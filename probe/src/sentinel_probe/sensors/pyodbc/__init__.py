"""Databases behind ODBC, through pyodbc.

Watches: `pyodbc.connect`; `execute` of `Connection`; `execute`, `executemany`, `fetchone`, `fetchval`, `fetchmany` and `fetchall` of `Cursor`. Both are
static C types that refuse subclasses, so their methods are replaced in the types' own dictionaries (see `fixed_types`): no proxy, every type stays what it is.
Emits: db.connect; db.query for each statement: executions, rows, errors. What product it is the driver says; server, database and user stand in the
connection string, whose other parts are not looked at.
Leaves alone and why: parameters; catalogue functions (`tables()`); rows taken by a `for` loop where the driver does not tell their number at once
(`rowcount` is -1 or 0, as with SQL Server and SQLite): the interpreter calls the iterator through a slot.
Versions: 4.0.35 to 5.5. Source: https://github.com/mkleehammer/pyodbc/wiki
"""

from ... import core, dbapi, fixed_types, patching, wrappers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List

VERSIONS = ">=4.0.35"
EMITS = ("db.connect", "db.query")
PATCHES = ("pyodbc",)

UNDO: "List[Any]" = []
#: Identity of a connection to its server; of a cursor to the record of its statement, where rows come later.
_servers: "Dict[int, dbapi.Server]" = {}
_later: "Dict[int, core.Activity]" = {}
_MOST = 5_000
_DATA_SOURCE, _SERVER, _DATABASE, _PRODUCT = 2, 13, 16, 17  # SQL_DATA_SOURCE_NAME, SQL_SERVER_NAME, SQL_DATABASE_NAME, SQL_DBMS_NAME
_PRODUCTS = (
    ("postgres", "postgresql"),
    ("sql server", "microsoft.sql_server"),
    ("mariadb", "mariadb"),
    ("mysql", "mysql"),
    ("sqlite", "sqlite"),
    ("oracle", "oracle.db"),
    ("db2", "ibm.db2"),
    ("snowflake", "snowflake"),
    ("teradata", "teradata"),
    ("hdb", "sap.hana"),
    ("bigquery", "gcp.bigquery"),
    ("clickhouse", "clickhouse"),
)
_NAMES = {
    "server": ("server", "servername", "host", "hostname", "address", "addr", "network address", "data source"),
    "port": ("port",),
    "namespace": ("database", "initial catalog", "dbname", "db", "dbq", "schema"),
    "user": ("uid", "user", "username", "user id"),
}


def instrument(module: "Any") -> None:
    """Replaces connect and, in the types' dictionaries, the methods."""
    if UNDO:
        return
    connection, cursor = fixed_types.methods(module.Connection), fixed_types.methods(module.Cursor)
    if connection is None or cursor is None:
        return
    wrapping = wrappers.Wrapping("pyodbc", UNDO)
    wrapping.function(module, "connect", _connected)
    wrapping.statement(cursor, "execute", _of_cursor, _rows, _keep)
    wrapping.statement(cursor, "executemany", _of_cursor, _rows, None)
    wrapping.statement(connection, "execute", _of_connection, _rows_result, _keep_result)
    for name in ("fetchone", "fetchval", "fetchmany", "fetchall"):
        wrapping.after(cursor, name, _fetched_many if name in ("fetchmany", "fetchall") else _fetched)
    for owner, name, _ in UNDO:
        fixed_types.keep(vars(owner)[name])


def uninstrument() -> None:
    """Takes the patches back."""
    patching.restore(UNDO)


def _settings(text: object, named: "Any") -> "Dict[str, str]":
    """Settings of a connection string by lower-case name; a value in braces may contain semicolons."""
    found: "Dict[str, str]" = {}
    rest = text if isinstance(text, str) else ""
    while rest:
        name, sign, rest = rest.partition("=")
        if not sign:
            break
        rest = rest.lstrip()
        if rest[:1] == "{":
            value, _, rest = rest[1:].partition("}")
            rest = rest.partition(";")[2]
        else:
            value, _, rest = rest.partition(";")
        found.setdefault(name.strip(" ;").lower(), value.strip())
    for name, value in named.items():
        if isinstance(value, (str, int)):
            found[name.lower()] = str(value)
    return found


def _connected(result: "Any", error: "Any", args: "Any", named: "Any") -> None:
    settings = _settings(args[0] if args else named.get("connstring"), named)
    facts = {key: next((settings[name] for name in names if settings.get(name)), None) for key, names in _NAMES.items()}
    product = settings.get("driver", "")
    if result is not None:
        product = _ask(result, _PRODUCT) or product
        for key, question in (("server", _SERVER), ("namespace", _DATABASE)):
            if not facts[key]:
                facts[key] = _ask(result, question)
    lower = product.lower()
    system = next((name for sign, name in _PRODUCTS if sign in lower), "other_sql")
    host = facts["server"] or ""
    if host.lower().startswith("tcp:"):
        host = host[4:]
    name, sign, port = host.partition(",")
    if sign and port.strip().isdigit():
        host, facts["port"] = name, port.strip()
    if system == "sqlite":
        host = ""
    found = dbapi.server(system, host, facts["port"], facts["namespace"], facts["user"])
    dbapi.opened(found, error)
    if result is not None:
        if len(_servers) >= _MOST:
            _servers.clear()
        _servers[object.__hash__(result)] = found


def _ask(connection: "Any", question: int) -> str:
    try:
        answer = connection.getinfo(question)
    except Exception:  # a driver need not answer
        return ""
    return answer if isinstance(answer, str) else ""


def _server(connection: "Any") -> "dbapi.Server":
    return _servers.get(object.__hash__(connection)) or dbapi.server("other_sql")


def _of_cursor(cursor: "Any", args: "Any", named: "Any") -> "Any":
    connection = dbapi.read(cursor, "connection")
    _later.pop(object.__hash__(cursor), None)
    if not args or connection is None or not UNDO:
        return None
    return _server(connection), args[0], args[0]


def _of_connection(connection: "Any", args: "Any", named: "Any") -> "Any":
    return (_server(connection), args[0], args[0]) if args and UNDO else None


def _rows(cursor: "Any", result: object) -> int:
    rows = dbapi.read(cursor, "rowcount")
    return rows if isinstance(rows, int) else 0


def _rows_result(connection: "Any", result: object) -> int:
    return _rows(result, None)


def _keep(cursor: "Any", activity: "Any", result: object) -> None:
    if result is not None and activity is not None and _rows(cursor, None) <= 0 and dbapi.read(cursor, "description") is not None:
        if len(_later) >= _MOST:
            _later.clear()
        _later[object.__hash__(cursor)] = activity


def _keep_result(connection: "Any", activity: "Any", result: object) -> None:
    if result is not None:
        _keep(result, activity, result)


def _fetched(cursor: "Any", result: object, error: "Any", args: object, named: object) -> None:
    if error is None and result is not None:
        dbapi.more(_later.get(object.__hash__(cursor)), 1)


def _fetched_many(cursor: "Any", result: "Any", error: "Any", args: object, named: object) -> None:
    if error is None:
        dbapi.more(_later.get(object.__hash__(cursor)), len(result))


def _forget() -> None:
    _later.clear()


core.FORGETTERS.append(_forget)
