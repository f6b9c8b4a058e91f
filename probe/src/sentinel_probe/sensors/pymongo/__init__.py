"""MongoDB through PyMongo (and Motor, which uses it), by its official listeners.

Watches: the command and connection-pool events of `pymongo.monitoring`; nothing is patched but `MongoClient.__init__`, to learn the account.
Emits: db.connect for each connection of a pool; db.query for each command by its name and collection: executions, documents returned or changed, errors.
Leaves alone and why: filters, documents, pipelines (never looked at); commands of the handshake and of authentication; clients made before the import ended.
A listener is visible in a client's options, as the library intends.
Versions: 3.11 to 4.20. Source: https://pymongo.readthedocs.io/en/stable/api/pymongo/monitoring.html
"""

import sys

from ... import core, dbapi, errors, patching, wrappers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List, Tuple

VERSIONS = ">=3.11"
EMITS = ("db.connect", "db.query")
PATCHES = ("pymongo",)

UNDO: "List[Any]" = []
SYSTEM = "mongodb"
#: Commands that the driver sends on its own account.
_SILENT = frozenset("hello ismaster isMaster saslStart saslContinue authenticate getnonce endSessions killCursors".split())
#: Commands whose value is the name of a collection; that of any other is a value.
_ON_COLLECTION = frozenset(
    "find aggregate insert update delete findAndModify findandmodify count distinct drop create createIndexes dropIndexes listIndexes collStats collMod "
    "mapReduce mapreduce validate compact".split()
)
#: Address of a server to the account used there.
_users: "Dict[Any, str]" = {}
#: Command under way to its database and collection.
_running: "Dict[Any, Tuple[Any, str, str]]" = {}
_MOST = 2_000


def instrument(module: "Any") -> None:
    """Registers the listeners."""
    if UNDO:
        return
    monitoring = sys.modules["pymongo.monitoring"]
    listeners = monitoring._LISTENERS
    for kind, names in ((_commands(monitoring.CommandListener), ("command_listeners",)), (_pools(monitoring.ConnectionPoolListener), ("cmap_listeners",))):
        listener = kind()
        monitoring.register(listener)
        for name in names:
            UNDO.append((_Registered(getattr(listeners, name), listener), "off", None))
    wrapping = wrappers.Wrapping("pymongo", UNDO)
    for folder in ("pymongo.synchronous.mongo_client", "pymongo.asynchronous.mongo_client", "pymongo.mongo_client"):
        known = vars(sys.modules.get(folder) or module)
        for name in ("MongoClient", "AsyncMongoClient"):
            kind = known.get(name)
            if kind is not None and kind.__module__ == folder:
                wrapping.after(kind, "__init__", _made)


def uninstrument() -> None:
    """Takes the listeners out; clients made meanwhile keep them."""
    patching.restore(UNDO)


class _Registered:
    """A registered listener, as something that `patching` can take back."""

    if TYPE_CHECKING:
        holder: "List[Any]"
        listener: "Any"

    def __init__(self, holder: "List[Any]", listener: "Any") -> None:
        self.__dict__.update(holder=holder, listener=listener)

    def __setattr__(self, name: str, value: object) -> None:
        if self.listener in self.holder:
            self.holder.remove(self.listener)


def _made(client: "Any", result: object, error: "Any", args: object, named: object) -> None:
    read = dbapi.read
    user = read(client, "options", "pool_options", "_credentials", "username")
    seeds = read(client, "_topology_settings", "seeds") or read(client, "_topology", "_settings", "seeds") or ()
    if user:
        for address in list(seeds)[:50]:
            _users[address] = str(user)


def _server(address: "Any", database: object) -> dbapi.Server:
    host, port = address if isinstance(address, tuple) and len(address) == 2 else (str(address), None)
    return dbapi.server(SYSTEM, host, port, database, _users.get(address))


def _guarded(function: "Any") -> "Any":
    """What a listener raises the library prints; it gets nothing to print."""

    def handle(self, event):  # type: ignore[no-untyped-def]
        try:
            function(event)
        except BaseException as error:
            if errors.survive("pymongo", error, UNDO):
                raise

    return handle


def _nothing(self: object, event: object) -> None:
    """An event that says nothing new."""


def _commands(base: "Any") -> "Any":
    members = {"started": _guarded(_started), "succeeded": _guarded(_succeeded), "failed": _guarded(_failed)}
    return type("CommandListener", (base,), {**members, "__module__": base.__module__})


def _pools(base: "Any") -> "Any":
    members = {name: _nothing for name, value in vars(base).items() if callable(value) and name[:1] != "_"}
    members["connection_ready"] = _guarded(_ready)
    members["connection_closed"] = _guarded(_closed)
    return type("ConnectionPoolListener", (base,), {**members, "__module__": base.__module__})


def _ready(event: "Any") -> None:
    dbapi.opened(_server(event.address, None))


def _closed(event: "Any") -> None:
    if event.reason == "error":
        dbapi.opened(_server(event.address, None), ConnectionError())


def _started(event: "Any") -> None:
    name = event.command_name
    if name in _SILENT:
        return
    command = event.command
    target = command.get("collection") if name == "getMore" else command.get(name) if name in _ON_COLLECTION else None
    if len(_running) >= _MOST:
        _running.clear()
    _running[event.request_id, event.connection_id] = (event.database_name, target if isinstance(target, str) else "", name)


def _finished(event: "Any", rows: int, error: "Any") -> None:
    known = _running.pop((event.request_id, event.connection_id), None)
    if known is None:
        return
    database, target, name = known
    found = _server(event.connection_id, database)
    described = (found, (name, target), dbapi.Named(name, 0, target))
    dbapi.done(dbapi.find(*described), described, rows, error)


def _succeeded(event: "Any") -> None:
    reply = event.reply
    rows, error = 0, None
    cursor = reply.get("cursor")
    if isinstance(cursor, dict):
        for part in ("firstBatch", "nextBatch"):
            batch = cursor.get(part)
            if batch is not None:
                rows = len(batch)
    elif isinstance(reply.get("n"), int):
        rows = reply["n"]
    elif isinstance(reply.get("values"), list):  # distinct
        rows = len(reply["values"])
    elif isinstance(reply.get("lastErrorObject"), dict):  # findAndModify
        rows = reply["lastErrorObject"].get("n") or 0
    if reply.get("writeErrors"):
        error = _kind("WriteError")
    _finished(event, rows, error)


def _failed(event: "Any") -> None:
    failure = event.failure
    name = failure.get("codeName") if isinstance(failure, dict) else None
    _finished(event, 0, _kind(name if isinstance(name, str) and name.isidentifier() else "OperationFailure"))


def _kind(name: str) -> BaseException:
    """An error of that name, to count by."""
    return type(name, (Exception,), {})()  # type: ignore[no-any-return]


def _forget() -> None:
    _running.clear()


core.FORGETTERS.append(_forget)
