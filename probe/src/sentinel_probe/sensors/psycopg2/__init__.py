"""PostgreSQL through psycopg2.

Watches: `psycopg2._connect`, the C function that `psycopg2.connect` calls, and the types `connection` and `cursor` of `psycopg2.extensions`,
replaced by real subclasses under the same names. The library's C functions check for its C types, which a proxy is not; a subclass is.
Emits: db.connect; db.query for execute, executemany, callproc, copy_expert, copy_from and copy_to: executions, rows, errors. A cursor in the
client has its rows from the server when execute returns, so they are counted there; rows of a named cursor when they are fetched.
Leaves alone and why: parameters; what the C side runs itself (BEGIN, COMMIT); large objects and notifications (no statement of the script);
rows of a named cursor taken by `next(cursor)`. Rows of an asynchronous connection count when they are fetched, those that it changes not at all.
The C types' full name stands in some messages ("'psycopg2.extensions.cursor' object"); those of the subclasses say 'cursor'.
Versions: 2.8 to 2.9. Source: https://www.psycopg.org/docs/
"""

import sys

from ... import core, dbapi, errors, patching, wrappers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, List

_IS_TOGETHER = core.IS_FREE_THREADED
VERSIONS = ">=2.8"
EMITS = ("db.connect", "db.query")
PATCHES = ("psycopg2",)

UNDO: "List[Any]" = []
SYSTEM = "postgresql"


#: Of a statement whose record is at hand.
UNDESCRIBED: "Any" = (None, None, None)


def instrument(module: "Any") -> None:
    """Replaces the C entry and the two types wherever the library holds them."""
    if UNDO:
        return
    native, extensions = sys.modules["psycopg2._psycopg"], sys.modules["psycopg2.extensions"]
    cursor = _make_cursor(native.cursor)
    connection = _make_connection(native.connection, cursor)
    for holder in (native, extensions):
        patching.put(holder, "cursor", cursor, UNDO)
        patching.put(holder, "connection", connection, UNDO)
    patching.put(module, "_connect", _make_connect(native._connect, connection, native), UNDO)


def uninstrument() -> None:
    """Takes the patches back; open connections keep their class."""
    patching.restore(UNDO)


def _make_connect(original: "Any", kind: "Any", native: "Any") -> "Any":
    def _connect(*args, **named):  # type: ignore[no-untyped-def]
        if len(args) < 2 and named.get("connection_factory") is None:
            named["connection_factory"] = kind
        try:
            result = original(*args, **named)
        except BaseException as error:
            patching.strip(error)
            _failed(native, args, named, error)
            raise
        try:
            if isinstance(result, kind):
                dbapi.opened(_server(result))
        except BaseException as error:
            if errors.survive("psycopg2.connect", error, UNDO):
                raise
        return result

    return patching.disguise(_connect, original)


def _failed(native: "Any", args: "Any", named: "Any", error: BaseException) -> None:
    try:
        try:
            known = native.parse_dsn(args[0] if args else named.get("dsn"))
        except Exception:
            known = {}
        dbapi.opened(dbapi.server(SYSTEM, known.get("host"), known.get("port"), known.get("dbname"), known.get("user")), error)
    except BaseException as fault:
        if errors.survive("psycopg2.connect", fault, UNDO):
            raise


def _server(connection: "Any") -> dbapi.Server:
    """Server of a connection."""
    try:
        found: dbapi.Server = connection._sentinel_server
    except AttributeError:
        info = dbapi.read(connection, "info")
        found = dbapi.server(SYSTEM, *[dbapi.read(info, name) for name in ("host", "port", "dbname", "user")])
        connection._sentinel_server = found
    return found


def _describe(cursor: "Any", statement: object) -> "Any":
    if isinstance(statement, str):
        text: object = statement
    elif isinstance(statement, bytes):
        text = statement
    else:
        render = dbapi.read(statement, "as_string")
        try:
            text = render(cursor)
        except Exception:  # the call itself is about to fail the same way
            text = ""
    return _server(cursor.connection), text, text


def _of_statement(cursor: "Any", args: "Any", named: "Any") -> "Any":
    return _describe(cursor, args[0] if args else named.get("query", named.get("sql", "")))


def _of_call(cursor: "Any", args: "Any", named: "Any") -> "Any":
    return _describe(cursor, "CALL %s" % (args[0] if args else named.get("procname")))


def _of_copy_from(cursor: "Any", args: "Any", named: "Any") -> "Any":
    return _describe(cursor, "COPY %s FROM STDIN" % (args[1] if len(args) > 1 else named.get("table")))


def _of_copy_to(cursor: "Any", args: "Any", named: "Any") -> "Any":
    return _describe(cursor, "COPY %s TO STDOUT" % (args[1] if len(args) > 1 else named.get("table")))


def _rows(cursor: "Any", result: object) -> int:
    return cursor.rowcount if cursor.name is None else 0


def _keep(cursor: "Any", activity: "Any", result: object) -> None:
    cursor._sentinel_later = activity if cursor.name is not None or cursor.connection.async_ else None


def _make_cursor(base: "Any") -> "Any":
    execute_of = base.execute
    one_of, some_of, all_of, iterate_of = base.fetchone, base.fetchmany, base.fetchall, base.__iter__

    class cursor(base):  # type: ignore[misc]
        __slots__ = ("_sentinel_known", "_sentinel_later")
        if TYPE_CHECKING:
            _sentinel_known: Any
            _sentinel_later: Any

        execute_first, executemany, callproc = base.execute, base.executemany, base.callproc

        def execute(self, *args, **named):  # type: ignore[no-untyped-def]
            try:
                found = self._sentinel_known[args[0]]
            except Exception:  # a statement, or a cursor, that is seen for the first time; one on the server's side
                found = None
            if found is None:
                try:
                    result = first(self, *args, **named)
                except BaseException as error:
                    patching.strip(error)
                    raise
                if self.name is None and not self.connection.async_:
                    self._sentinel_known = self.connection._sentinel_server.known
                return result
            try:
                result = execute_of(self, *args, **named)
            except BaseException as error:
                patching.strip(error)
                dbapi.done(found, UNDESCRIBED, 0, error)
                raise
            rows = self.rowcount
            if _IS_TOGETHER:
                number = core.add(found, 1, max(rows, 0))
            else:
                if rows > 0:
                    found.rows += rows
                found.count = number = found.count + 1
            if number >= found.due:
                core.slow(core.tick, found)
            return result

        copy_expert, copy_from, copy_to = base.copy_expert, base.copy_from, base.copy_to

        def fetchone(self):  # type: ignore[no-untyped-def]
            try:
                row = one_of(self)
            except BaseException as error:
                patching.strip(error)
                raise
            try:
                if self._sentinel_later is not None and row is not None:
                    self._sentinel_later.rows += 1
            except AttributeError:
                pass
            return row

        def fetchmany(self, *args, **named):  # type: ignore[no-untyped-def]
            try:
                rows = some_of(self, *args, **named)
            except BaseException as error:
                patching.strip(error)
                raise
            try:
                dbapi.more(self._sentinel_later, len(rows))
            except AttributeError:
                pass
            return rows

        def fetchall(self):  # type: ignore[no-untyped-def]
            try:
                rows = all_of(self)
            except BaseException as error:
                patching.strip(error)
                raise
            try:
                dbapi.more(self._sentinel_later, len(rows))
            except AttributeError:
                pass
            return rows

        def __iter__(self):  # type: ignore[no-untyped-def]
            try:
                iterator = iterate_of(self)
            except BaseException as error:
                patching.strip(error)
                raise
            try:
                later = self._sentinel_later
            except AttributeError:
                return iterator
            if later is None:
                return iterator
            self._sentinel_later = None  # the counting iterator comes back here
            counted = dbapi.counted(iterator, later)
            return counted

    for name in ("execute", "fetchone", "fetchmany", "fetchall", "__iter__"):
        patching.disguise(cursor.__dict__[name], getattr(base, name))
    wrapping = wrappers.Wrapping("psycopg2.cursor", UNDO)
    for name, describe in (
        ("execute_first", _of_statement),
        ("executemany", _of_statement),
        ("callproc", _of_call),
        ("copy_expert", _of_statement),
        ("copy_from", _of_copy_from),
        ("copy_to", _of_copy_to),
    ):
        wrapping.statement(cursor, name, describe, _rows, _keep)
    first = cursor.__dict__["execute_first"]
    del cursor.execute_first, UNDO[-6:-5]
    return _named(cursor, base)


def _make_connection(base: "Any", cursor_type: "Any") -> "Any":
    cursor_of = base.cursor

    class connection(base):  # type: ignore[misc]
        __slots__ = ("_sentinel_server",)

        def cursor(self, *args, **named):  # type: ignore[no-untyped-def]
            try:
                if len(args) < 2 and named.get("cursor_factory") is None and self.cursor_factory is None:
                    named["cursor_factory"] = cursor_type
                return cursor_of(self, *args, **named)
            except BaseException as error:
                patching.strip(error)
                raise

    patching.disguise(connection.__dict__["cursor"], cursor_of)
    return _named(connection, base)


def _named(kind: "Any", base: "Any") -> "Any":
    kind.__name__ = base.__name__
    kind.__qualname__ = base.__qualname__
    kind.__module__ = base.__module__
    kind.__doc__ = base.__doc__
    return kind
