"""SQLite databases opened, and the statements run in them.

Watches: `sqlite3.connect`, `sqlite3.Connection` and `sqlite3.Cursor`, replaced in `sqlite3`, `sqlite3.dbapi2` and `_sqlite3` by real subclasses
that carry the same names, so that `type(connection) is sqlite3.Connection`, user subclasses and factories work as before.
Emits: db.connect, and db.query for each statement, without literals: executions, rows fetched or changed, errors.
Leaves alone and why: parameters and values (never leave the process); scripts are one statement each time (only the first is named);
a cursor class of the user's own that does not derive from sqlite3.Cursor. Rows of a `for` loop are counted by a C iterator
(`itertools.compress` over `itertools.count`): `iter(cursor)` is that iterator, not the cursor. `next(cursor)` is not counted.
The C types' full name stands in some messages ("'sqlite3.Connection' object has no attribute"); those of the subclasses say 'Connection'.
A call of `execute` with more than two arguments fails with a message of its own.
On 3.8 to 3.10 a failing call has one more frame in its traceback (see `patching`).
Versions: CPython 3.8 to 3.14. Source: https://docs.python.org/3/library/sqlite3.html
"""

import os
import sys

from ... import core, errors, patching, sqlite_counts
from ...sqlite_counts import UNDO
from ...tally import IGNORED, Tally, done

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, Tuple

VERSIONS = ">=3.8"
EMITS = ("db.connect", "db.query")
PATCHES = ("sqlite3",)

_MISSING: "Any" = object()


def instrument(module: "Any") -> None:
    """Replaces connect and the two classes wherever the library holds them."""
    if UNDO:
        return
    native = sys.modules["_sqlite3"]
    connect = native.connect
    cursor = _make_cursor(native.Cursor)
    connection = _make_connection(native.Connection, cursor)
    wrapper = _make_connect(connect, connection)
    for holder in (native, sys.modules.get("sqlite3.dbapi2"), module):
        if holder is not None:
            for name, new in (("connect", wrapper), ("Connection", connection), ("Cursor", cursor)):
                patching.put(holder, name, new, UNDO)


def uninstrument() -> None:
    """Takes the patches back; open connections keep their class."""
    patching.restore(UNDO)


def _namespace(database: object) -> str:
    if isinstance(database, (str, bytes)) or isinstance(database, os.PathLike):
        text = os.fsdecode(database)
        if text[:5] == "file:":
            text = text[5:]
            path, _, options = text.partition("?")
            if "mode=memory" in options or path in ("", ":memory:"):
                return ":memory:"
            text = path[2:] if path[:2] == "//" else path
        if text in ("", ":memory:"):
            return ":memory:"
        try:
            return os.path.abspath(text)
        except OSError:
            return text
    return type(database).__name__


def _make_connect(original: "Any", kind: "Any") -> "Any":
    def connect(*args: "Any", **named: "Any") -> "Any":
        if len(args) < 6 and "factory" not in named:
            named["factory"] = kind
        if core.policies() is not None:
            _ask(args, named)
        try:
            if len(args) > 1 and sys.version_info >= (3, 12):  # warns of that
                result = patching.call_as_caller(original, args, named)
            else:
                result = original(*args, **named)
        except BaseException as error:
            patching.strip(error)
            _opened(args, named, 1)
            raise
        try:
            name = _opened(args, named, 0)
            if isinstance(result, kind):
                sqlite_counts.attach(result, name)
        except BaseException as error:
            if errors.survive("sqlite3.connect", error, UNDO):
                raise
        return result

    return patching.disguise(connect, original)


def _ask(args: "Tuple[Any, ...]", named: "Dict[str, Any]") -> None:
    """Has the policies decide before the database is there: opening one makes it."""
    try:
        core.slow(_decided, _namespace(args[0] if args else named.get("database")))
    except BaseException as error:
        if errors.survive("sqlite3.connect", error, UNDO):
            raise


def _decided(name: str) -> None:
    found = core.activity("db.connect", (("db.system.name", "sqlite"), ("db.namespace", name)))
    if found.refusal is not None:
        found.count += 1


def _opened(args: "Tuple[Any, ...]", named: "Dict[str, Any]", failed: int) -> str:
    try:
        name = _namespace(args[0] if args else named.get("database"))
        core.slow(core.count, "db.connect", (("db.system.name", "sqlite"), ("db.namespace", name)), failed)
        return name
    except BaseException as error:
        if errors.survive("sqlite3.connect", error, UNDO):
            raise
        return ""


def _make_cursor(base: "Any") -> "Any":
    warns = (3, 12) <= sys.version_info < (3, 14)
    execute_of, many_of, script_of = base.execute, base.executemany, base.executescript
    one_of, some_of, all_of = base.fetchone, base.fetchmany, base.fetchall
    iterate_of = base.__iter__

    class Cursor(base):  # type: ignore[misc]
        __slots__ = ("_sentinel_found", "_sentinel_known", "_sentinel_loop", "_sentinel_quick")
        if TYPE_CHECKING:
            _sentinel_found: Tally
            _sentinel_known: Any
            _sentinel_loop: bool
            _sentinel_quick: Any

        # Its arguments have names because a call that hands on `*args` costs a fifth of it. What is lent of a statement runs in the first lines, which
        # is most of the time; a statement that gives rows or changes any number of them never is.
        def execute(self, sql=_MISSING, parameters=(), /):  # type: ignore[no-untyped-def]
            step = 0
            try:
                for step in self._sentinel_quick[sql]:  # noqa: B007
                    return execute_of(self, sql, parameters)
            except BaseException as error:
                if step or not isinstance(error, Exception):
                    patching.strip(error)
                    sqlite_counts.failed(self.connection, sql, step)
                    raise
            try:
                found = self._sentinel_known[sql]
            except Exception:
                found = IGNORED
                if sql is not _MISSING and sqlite_counts.is_ready(self):
                    found = sqlite_counts.late(self.connection, sql)
                    sqlite_counts.adopt(self, self.connection)
            try:
                if warns and parameters and type(parameters) is not dict and sqlite_counts.is_named(sql):
                    result = patching.call_as_caller(execute_of, (self, sql, parameters), {})
                elif sql is not _MISSING:
                    result = execute_of(self, sql, parameters)
                else:
                    result = execute_of(self)
            except BaseException as error:
                patching.strip(error)
                found.count += 1
                found.errors += 1
                raise
            found.count = number = found.count + 1
            self._sentinel_found = found
            if number >= found.due:
                done(found, self)
                if not found.is_change:
                    sqlite_counts.lend(self, found, sql, warns)
            return result

        def executemany(self, *args):  # type: ignore[no-untyped-def]
            found = sqlite_counts.late(self.connection, args[0]) if args and sqlite_counts.is_ready(self) else IGNORED
            found.ask()
            try:
                if warns and args and sqlite_counts.is_named(args[0]):
                    result = patching.call_as_caller(many_of, (self, *args), {})
                else:
                    result = many_of(self, *args)
            except BaseException as error:
                patching.strip(error)
                found.count += 1
                found.errors += 1
                raise
            found.count += 1
            done(found, self)
            self._sentinel_found = found
            return result

        def executescript(self, *args):  # type: ignore[no-untyped-def]
            found = sqlite_counts.late(self.connection, args[0]) if args and sqlite_counts.is_ready(self) else IGNORED
            try:
                result = script_of(self, *args)
            except BaseException as error:
                patching.strip(error)
                found.count += 1
                found.errors += 1
                raise
            found.count += 1
            if found.count >= found.next:
                core.slow(found.tick)
            return result

        def fetchone(self):  # type: ignore[no-untyped-def]
            try:
                row = one_of(self)
            except BaseException as error:
                patching.strip(error)
                raise
            if row is not None:
                try:
                    self._sentinel_found.rows += 1
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
                self._sentinel_found.rows += len(rows)
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
                self._sentinel_found.rows += len(rows)
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
                if self._sentinel_loop:  # the counting iterator asks for what it counts
                    return iterator
            except AttributeError:
                pass
            try:
                found = self._sentinel_found
                self._sentinel_loop = True
                return sqlite_counts.counted(iterator, found)
            except AttributeError:
                return iterator
            finally:
                self._sentinel_loop = False

    for name in ("execute", "executemany", "executescript", "fetchone", "fetchmany", "fetchall", "__iter__"):
        patching.disguise(Cursor.__dict__[name], getattr(base, name))
    return _named(Cursor, base)


def _make_connection(base: "Any", cursor_type: "Any") -> "Any":
    cursor_of = base.cursor
    execute_of = cursor_type.__base__.execute
    run, run_many, run_script = cursor_type.execute, cursor_type.executemany, cursor_type.executescript
    is_nested = sys.version_info < (3, 11)  # there the C methods call those of the cursor; later ones make a cursor of their own kind

    class Connection(base):  # type: ignore[misc]
        __slots__ = ("_sentinel_known", "_sentinel_name", "_sentinel_quick")
        if TYPE_CHECKING:
            _sentinel_quick: Any

        def cursor(self, *args, **named):  # type: ignore[no-untyped-def]
            try:
                if args or named:
                    return cursor_of(self, *args, **named)
                cursor = cursor_of(self, cursor_type)
            except BaseException as error:
                patching.strip(error)
                raise
            sqlite_counts.adopt(cursor, self)
            return cursor

        if not is_nested:

            def execute(self, sql=_MISSING, parameters=(), /):  # type: ignore[no-untyped-def]
                step = 0
                try:
                    for step in self._sentinel_quick[sql]:  # noqa: B007
                        cursor = cursor_of(self, cursor_type)
                        execute_of(cursor, sql, parameters)
                        return cursor
                except BaseException as error:
                    if step or not isinstance(error, Exception):
                        patching.strip(error)
                        sqlite_counts.failed(self, sql, step)
                        raise
                try:
                    cursor = cursor_of(self, cursor_type)
                    sqlite_counts.adopt(cursor, self)
                    if sql is _MISSING:
                        run(cursor)
                    else:
                        run(cursor, sql, parameters)
                except BaseException as error:
                    patching.strip(error)
                    raise
                return cursor

            def executemany(self, *args):  # type: ignore[no-untyped-def]
                try:
                    cursor = cursor_of(self, cursor_type)
                    run_many(cursor, *args)
                except BaseException as error:
                    patching.strip(error)
                    raise
                return cursor

            def executescript(self, *args):  # type: ignore[no-untyped-def]
                try:
                    cursor = cursor_of(self, cursor_type)
                    run_script(cursor, *args)
                except BaseException as error:
                    patching.strip(error)
                    raise
                return cursor

    for name in ("cursor",) if is_nested else ("cursor", "execute", "executemany", "executescript"):
        patching.disguise(Connection.__dict__[name], getattr(base, name))
    return _named(Connection, base)


def _named(kind: "Any", base: "Any") -> "Any":
    kind.__name__ = base.__name__
    kind.__qualname__ = base.__qualname__
    kind.__module__ = base.__module__
    kind.__doc__ = base.__doc__
    return kind


AUDIT: "Dict[str, Any]" = {}
