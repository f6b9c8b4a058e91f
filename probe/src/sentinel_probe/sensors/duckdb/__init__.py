"""DuckDB: statements, and the files that they read and write.

Watches: `connect`, and `execute`, `executemany`, `sql`, `query` and `from_query` of connections and of the module; from 2.0 on, where relations are
rendered as SQL, `duckdb._seam.submit`, which runs them; the `fetch*` and data frame methods, for rows.
Emits: db.connect; db.query; file.open for each file that a statement names (`FROM 'x.parquet'`, `read_csv('x.csv')`, `COPY ... TO 'x'`), since the engine
opens files without Python.
Leaves alone and why: parameters; files named by a pattern are reported as the pattern; relations built method by method before 2.0 (`duckdb.read_csv(path)`
is seen, what is done with it afterwards is not); data frames that a statement reads from Python variables.
Versions: 0.10 to 2.0. Source: https://duckdb.org/docs/stable/clients/python/overview
"""

import sys
from _thread import get_ident

from ... import core, dbapi, patching, sensor, sql_files, wrappers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List

VERSIONS = ">=0.10"
EMITS = ("db.connect", "db.query", "file.open")
PATCHES = ("duckdb",)

UNDO: "List[Any]" = []
SYSTEM = "duckdb"
_servers: "Dict[int, dbapi.Server]" = {}
#: Thread to the record of its last statement: rows are fetched right after it.
_last: "Dict[int, Any]" = {}
_files: "Dict[str, Any]" = {}
_MOST = 2_000
_STATEMENTS = ("execute", "executemany", "sql", "query", "from_query")
_READERS = ("read_csv", "read_parquet", "read_json", "from_csv_auto", "from_parquet")
_FETCHES = (
    *("fetchone", "fetchmany", "fetchall", "fetchdf", "fetch_df", "df", "to_df", "fetchnumpy", "arrow", "fetch_arrow_table"),
    *("to_arrow_table", "pl", "to_dicts", "fetch_df_chunk"),
)


def instrument(module: "Any") -> None:
    """Replaces the methods and the module's functions of the same names."""
    if UNDO:
        return
    wrapping = wrappers.Wrapping("duckdb", UNDO)
    connection, relation = module.DuckDBPyConnection, module.DuckDBPyRelation
    seam = sys.modules.get("duckdb._seam")
    wrapping.function(module, "connect", _connected)
    names = ("execute", "executemany") if seam is not None else _STATEMENTS
    for name in names:
        wrapping.statement(connection, name, _of_connection, _none, _keep)
        if hasattr(module, name):
            wrapping.call(module, name, _of_module, _keep)
    if seam is not None:
        wrapping.call(seam, "submit", _of_seam, _keep)
    else:
        for name in _READERS:
            wrapping.after(connection, name, _read_by_connection)
            if hasattr(module, name):
                wrapping.function(module, name, _read_by_module)
    for name in ("cursor", "duplicate"):
        wrapping.after(connection, name, _another)
    for name in _FETCHES:
        wrapping.after(connection, name, _fetched)
        wrapping.after(relation, name, _fetched)
        if hasattr(module, name):
            wrapping.function(module, name, _fetched_by_module)


def uninstrument() -> None:
    """Takes the patches back."""
    patching.restore(UNDO)


def _server(connection: "Any") -> dbapi.Server:
    found = _servers.get(object.__hash__(connection)) if connection is not None else None
    return found or dbapi.server(SYSTEM, None, None, ":memory:")


def _connected(result: "Any", error: "Any", args: "Any", named: "Any") -> None:
    database = args[0] if args else named.get("database", ":memory:")
    name = str(database)
    if "://" in name or name.startswith("md:"):
        name = name.partition("?")[0]
    elif name and not name.startswith(":"):
        name = sensor.absolute(name) or name
    found = dbapi.server(SYSTEM, None, None, name or ":memory:")
    dbapi.opened(found, error)
    if result is not None:
        if len(_servers) >= _MOST:
            _servers.clear()
        _servers[object.__hash__(result)] = found


def _another(connection: "Any", result: "Any", error: "Any", args: object, named: object) -> None:
    if result is not None:
        _servers[object.__hash__(result)] = _server(connection)


def _describe(connection: "Any", statement: object) -> "Any":
    if not isinstance(statement, str):
        statement = dbapi.read(statement, "query")
        if not isinstance(statement, str):
            return None
    named = _files.get(statement)
    if named is None:
        if len(_files) >= _MOST:
            _files.clear()
        named = _files[statement] = sql_files.files(statement)
    if named:
        core.slow(_opened, named)
    return _server(connection), statement, statement


def _opened(named: "Any") -> None:
    for path, operation in named:
        core.count("file.open", (("file.path", sensor.absolute(path)), ("sentinel.file.operation", operation)))


def _of_connection(connection: "Any", args: "Any", named: "Any") -> "Any":
    return _describe(connection, args[0] if args else named.get("query"))


def _of_module(args: "Any", named: "Any") -> "Any":
    return _describe(named.get("connection"), args[0] if args else named.get("query"))


def _of_seam(args: "Any", named: "Any") -> "Any":
    return _describe(args[0], args[1]) if len(args) > 1 else None


def _none(connection: "Any", result: object) -> int:
    return 0


def _keep(connection: "Any", activity: "Any", result: object) -> None:
    if len(_last) > _MOST:
        _last.clear()
    _last[get_ident()] = activity


def _size(result: "Any") -> int:
    if result is None:
        return 0
    if isinstance(result, tuple):
        return 1
    if isinstance(result, dict):
        result = next(iter(result.values()), ())
    rows = dbapi.read(result, "num_rows")
    if isinstance(rows, int):
        return rows
    try:
        return len(result)
    except Exception:  # a reader that has not read yet
        return 0


def _fetched(thing: "Any", result: "Any", error: "Any", args: object, named: object) -> None:
    if error is None:
        dbapi.more(_last.get(get_ident()), _size(result))


def _fetched_by_module(result: "Any", error: "Any", args: object, named: object) -> None:
    _fetched(None, result, error, args, named)


def _read_by_connection(connection: "Any", result: object, error: "Any", args: "Any", named: "Any") -> None:
    _read_by_module(result, error, args, named)


def _read_by_module(result: object, error: "Any", args: "Any", named: "Any") -> None:
    path = args[0] if args else next(iter(named.values()), None)
    if isinstance(path, str) and "://" not in path and error is None:
        core.slow(_opened, [(path, "read")])


def _forget() -> None:
    _last.clear()


core.FORGETTERS.append(_forget)
