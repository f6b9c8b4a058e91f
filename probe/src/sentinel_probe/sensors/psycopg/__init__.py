"""PostgreSQL through psycopg 3, synchronous and asyncio, with its Python, C and binary implementations.

Watches: the generators of `BaseCursor` and `ServerCursorMixin` that both kinds of cursors drive (`_execute_gen`, `_executemany_gen_*`,
`_stream_send_gen`, `_start_copy_gen`, `_declare_gen`, `_fetch_gen`), `BasePipeline._process_results` (rows and errors that a pipeline brings later),
`BaseConnection.__init__` and `connect`. All are Python whichever implementation is used.
Emits: db.connect; db.query for each statement of the script: executions, rows, errors.
Leaves alone and why: parameters; what the library runs itself (BEGIN, COMMIT, FETCH of server cursors, prepared statements' upkeep);
rows of an executemany inside a pipeline of the script's own.
Versions: 3.1 to 3.3. Source: https://www.psycopg.org/psycopg3/docs/
"""

import sys

from ... import core, dbapi, patching, wrappers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, List

_IS_TOGETHER = core.IS_FREE_THREADED
VERSIONS = ">=3.1"
EMITS = ("db.connect", "db.query")
PATCHES = ("psycopg",)

UNDO: "List[Any]" = []
SYSTEM = "postgresql"
#: Of a statement whose record is at hand.
UNDESCRIBED: "Any" = (None, None, None)
_TUPLES_OK = 2  # PGRES_TUPLES_OK
#: Cursor to the record of its statement, where rows come later.
_later: "List[Any]" = []


def instrument(module: "Any") -> None:
    """Replaces the generators."""
    if UNDO:
        return
    modules = sys.modules
    _later[:] = [modules["weakref"].WeakKeyDictionary()]
    base = modules["psycopg._cursor_base"].BaseCursor if "psycopg._cursor_base" in modules else modules["psycopg.cursor"].BaseCursor
    wrapping = wrappers.Wrapping("psycopg", UNDO)
    for name in ("_execute_gen", "_executemany_gen_pipeline", "_executemany_gen_no_pipeline"):
        wrapping.statement(base, name, _of_statement, _rows, None, "generator")
    first = base._execute_gen
    UNDO[0] = (base, "_execute_gen", first.__wrapped__)
    base._execute_gen = _make_execute(first.__wrapped__, first)
    wrapping.statement(base, "_stream_send_gen", _of_statement, _none, _keep, "generator")
    wrapping.statement(base, "_start_copy_gen", _of_statement, _none, _keep, "generator")
    wrapping.after(base, "_stream_fetchone_gen", _streamed, "generator")
    for folder in ("psycopg._pipeline_base", "psycopg._pipeline"):
        pipeline = getattr(modules.get(folder), "BasePipeline", None)
        if pipeline is not None:
            patching.patch(pipeline, "_process_results", _make_process, UNDO)
            break
    wrapping.after(module.Cursor, "executemany", _many)
    wrapping.after(module.AsyncCursor, "executemany", _many, "coroutine")
    for folder in ("psycopg._server_cursor_base", "psycopg.server_cursor"):
        mixin = getattr(modules.get(folder), "ServerCursorMixin", None)
        if mixin is not None:
            wrapping.statement(mixin, "_declare_gen", _of_statement, _none, _keep, "generator")
            wrapping.after(mixin, "_fetch_gen", _fetched, "generator")
            break
    for copy, folder, form in (
        ("Copy", "psycopg._copy", "plain"),
        ("AsyncCopy", "psycopg._copy_async", "coroutine"),
        ("Copy", "psycopg.copy", "plain"),
        ("AsyncCopy", "psycopg.copy", "coroutine"),
    ):
        kind = getattr(modules.get(folder), copy, None)
        if kind is not None and not hasattr(vars(kind).get("finish"), "__wrapped__"):
            wrapping.after(kind, "finish", _copied, form)
    connection = module._connection_base.BaseConnection if hasattr(module, "_connection_base") else module.connection.BaseConnection
    wrapping.after(connection, "__init__", _connected)
    wrapping.after(module.Connection, "connect", _tried)
    wrapping.after(module.AsyncConnection, "connect", _tried, "coroutine")
    patching.put(module, "connect", module.Connection.connect, UNDO)  # an alias made before


def uninstrument() -> None:
    """Takes the patches back."""
    patching.restore(UNDO)


def _server(connection: "Any") -> dbapi.Server:
    pg = dbapi.read(connection, "pgconn")
    return dbapi.server(SYSTEM, *[dbapi.read(pg, name) for name in ("host", "port", "db", "user")])


def _connected(connection: "Any", result: object, error: "Any", args: object, named: object) -> None:
    if error is None:
        found = _server(connection)
        dbapi.opened(found)
        dbapi.remember(connection, found)
        connection._sentinel_known = found.known


def _tried(kind: "Any", result: object, error: "Any", args: "Any", named: "Any") -> None:
    if error is None:
        return
    facts = dict(named)
    try:
        parse = sys.modules["psycopg.conninfo"].conninfo_to_dict
        facts.update(parse(args[0] if args else named.get("conninfo", "")))
    except Exception:  # what it cannot read it has refused
        pass
    dbapi.opened(dbapi.server(SYSTEM, facts.get("host"), facts.get("port"), facts.get("dbname"), facts.get("user")), error)


def _of_statement(cursor: "Any", args: "Any", named: "Any") -> "Any":
    statement = args[0] if args else named.get("query", named.get("statement"))
    connection = cursor._conn
    if isinstance(statement, (str, bytes)):
        text: object = statement
    elif hasattr(statement, "interpolations"):  # a template string: its texts, never its values
        text = "?".join(statement.strings)
    else:
        try:
            text = statement.as_string(cursor)
        except Exception:  # the call itself is about to fail the same way
            return None
    described = (dbapi.of(connection, _server), text, text)
    if connection._pipeline is not None:
        _later[0][cursor] = dbapi.find(*described)
    return described


def _make_execute(original: "Any", first: "Any") -> "Any":
    """The wrapper of `_execute_gen` for a statement that is known already; any other goes through `first`."""

    def _execute_gen(self, query, *args, **named):  # type: ignore[no-untyped-def]
        connection = self._conn
        try:
            found = connection._sentinel_known[query]
        except Exception:
            found = None
        if found is None or connection._pipeline is not None:
            try:
                result = yield from first(self, query, *args, **named)
            except BaseException as error:
                patching.strip(error)
                raise
            return result
        try:
            result = yield from original(self, query, *args, **named)
        except BaseException as error:
            patching.strip(error)
            dbapi.done(found, UNDESCRIBED, 0, error)
            raise
        rows = self._rowcount if len(self._results) == 1 else _count(self._results)
        if _IS_TOGETHER:
            number = core.add(found, 1, max(rows, 0))
        else:
            if rows > 0:
                found.rows += rows
            found.count = number = found.count + 1
        if number >= found.due:
            core.slow(core.tick, found)
        return result

    return patching.disguise(_execute_gen, original)


def _none(cursor: "Any", result: object) -> int:
    return 0


def _rows(cursor: "Any", result: object) -> int:
    if cursor._conn._pipeline is not None:
        return 0
    results = cursor._results
    rows: int = cursor._rowcount if len(results) == 1 or cursor._execmany_returning is False else _count(results)
    return rows


def _count(results: "Any") -> int:
    rows = 0
    for each in results:
        rows += each.ntuples if each.status == _TUPLES_OK else each.command_tuples or 0
    return rows


def _keep(cursor: "Any", activity: "Any", result: object) -> None:
    if activity is not None:
        _later[0][cursor] = activity


def _make_process(original: "Any") -> "Any":
    """A pipeline hands a cursor its results here, one call for each row of an executemany: those wait for `_many`."""

    def _process_results(self, queued, results):  # type: ignore[no-untyped-def]
        try:
            original(self, queued, results)
        except BaseException as error:
            patching.strip(error)
            if queued is not None:
                dbapi.failed(_later[0].get(queued[0]), error)
            raise
        if queued is not None and queued[0]._execmany_returning is not False:
            dbapi.more(_later[0].get(queued[0]), _count(results))

    return patching.disguise(_process_results, original)


def _many(cursor: "Any", result: object, error: "Any", args: object, named: object) -> None:
    if error is None and cursor._execmany_returning is False and cursor._conn._pipeline is None:
        dbapi.more(_later[0].get(cursor), cursor._rowcount)


def _streamed(cursor: "Any", result: "Any", error: "Any", args: object, named: object) -> None:
    if result is not None and error is None:
        ntuples = dbapi.read(result, "ntuples")
        dbapi.more(_later[0].get(cursor), ntuples if isinstance(ntuples, int) else 1)


def _fetched(cursor: "Any", result: "Any", error: "Any", args: object, named: object) -> None:
    if error is None:
        dbapi.more(_later[0].get(cursor), len(result))


def _copied(copy: "Any", result: object, error: "Any", args: object, named: object) -> None:
    cursor = copy.cursor
    activity = _later[0].pop(cursor, None)
    if error is not None:
        dbapi.failed(activity, error)
    else:
        rows = cursor._rowcount
        dbapi.more(activity, rows if isinstance(rows, int) and rows > 0 else _count(cursor._results))
