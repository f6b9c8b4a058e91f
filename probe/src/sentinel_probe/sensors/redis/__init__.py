"""Redis and its relatives (Valkey, KeyDB) through redis-py, synchronous and asyncio.

Watches: `execute_command` of `Redis`, `PubSub` and `RedisCluster`; `Pipeline.execute` and `immediate_execute_command`; `_connect` of the connection
classes. Python classes, so their methods are replaced.
Emits: db.connect; db.query for each command by its name: executions, errors, and as rows the keys that were named.
Leaves alone and why: keys and values (they never leave the process); channel names; retries inside one command; what a connection says when it is set up.
Versions: 4.0 to 8.1. Source: https://redis.readthedocs.io, https://redis.io/docs/latest/commands/
"""

import sys

from ... import core, dbapi, errors, patching, wrappers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List

_IS_TOGETHER = core.IS_FREE_THREADED
VERSIONS = ">=4.0"
EMITS = ("db.connect", "db.query")
PATCHES = ("redis", "redis.asyncio")

UNDO: "List[Any]" = []
_done: "List[str]" = []
SYSTEM = "redis"
#: Server to what its clients look up first: command, as it is given, to its record and the keys that one call names.
_fast: "Dict[dbapi.Server, Dict[Any, Any]]" = {}
_MOST_COMMANDS = 500
#: Of a command whose record is at hand.
UNDESCRIBED: "Any" = (None, None, None)
#: Commands all of whose arguments are keys, and those of key and value in turn.
_ALL_KEYS = frozenset("DEL UNLINK EXISTS TOUCH MGET SINTER SUNION SDIFF PFCOUNT WATCH".split())
_PAIRS = frozenset(["MSET", "MSETNX"])
#: Commands that name no key.
_NO_KEY = frozenset(
    "PING ECHO AUTH HELLO SELECT QUIT RESET INFO TIME DBSIZE FLUSHDB FLUSHALL KEYS SCAN RANDOMKEY CONFIG CLIENT COMMAND CLUSTER MULTI EXEC DISCARD UNWATCH "
    "PUBLISH SPUBLISH SUBSCRIBE PSUBSCRIBE SSUBSCRIBE UNSUBSCRIBE PUNSUBSCRIBE SUNSUBSCRIBE PUBSUB SCRIPT FUNCTION SAVE BGSAVE BGREWRITEAOF LASTSAVE ROLE "
    "REPLICAOF SLAVEOF MONITOR SLOWLOG LATENCY MEMORY MODULE ACL DEBUG SHUTDOWN SWAPDB WAIT READONLY READWRITE SENTINEL FT.SEARCH FT._LIST".split()
)
#: Commands with the number of keys at this place of their arguments.
_NUMBERED = {
    "EVAL": 2,
    "EVALSHA": 2,
    "FCALL": 2,
    "FCALL_RO": 2,
    "EVAL_RO": 2,
    "EVALSHA_RO": 2,
    "SINTERCARD": 1,
    "ZUNION": 1,
    "ZINTER": 1,
    "ZDIFF": 1,
    "LMPOP": 1,
    "ZMPOP": 1,
}


def instrument(module: "Any") -> None:
    """Replaces the methods; releases before 5.0 import the asyncio part only when it is asked for."""
    name = module.__name__
    if name in _done:
        return
    _done.append(name)
    wrapping = wrappers.Wrapping("redis", UNDO)
    form = "coroutine" if name.endswith(".asyncio") else "plain"
    client, connection, cluster = [sys.modules.get(name + "." + part) for part in ("client", "connection", "cluster")]
    if client is not None and connection is not None:
        wrapping.statement(client.Redis, "execute_command", _of_command, _keys, None, form)
        first = client.Redis.execute_command
        client.Redis.execute_command = (_make_waiting if form == "coroutine" else _make_execute)(first.__wrapped__, first)
        wrapping.statement(client.PubSub, "execute_command", _of_command, _keys, None, form)
        if cluster is not None and hasattr(cluster, "RedisCluster"):
            wrapping.statement(cluster.RedisCluster, "execute_command", _of_command, _keys, None, form)
        wrapping.statement(client.Pipeline, "immediate_execute_command", _of_command, _keys, None, form)
        _wrap_pipeline(wrapping, client.Pipeline, form)
        for kind in ("Connection", "UnixDomainSocketConnection"):
            wrapping.after(getattr(connection, kind), "_connect", _connected, form)


def uninstrument() -> None:
    """Takes the patches back."""
    patching.restore(UNDO)
    _done.clear()


def _server(client: "Any") -> dbapi.Server:
    read = dbapi.read
    pool = read(client, "connection_pool") or read(client, "connection")
    known = read(pool, "connection_kwargs") or {}
    if not known:
        nodes = read(client, "nodes_manager", "default_node")
        known = {"host": read(nodes, "host"), "port": read(nodes, "port")}
    return dbapi.server(
        SYSTEM,
        known.get("path") or known.get("host") or "localhost",
        None if known.get("path") else known.get("port") or 6379,
        known.get("db") or 0,
        known.get("username"),
    )


def _connected(connection: "Any", result: object, error: "Any", args: object, named: object) -> None:
    read = dbapi.read
    path = read(connection, "path")
    found = dbapi.server(
        SYSTEM, path or read(connection, "host"), None if path else read(connection, "port"), read(connection, "db") or 0, read(connection, "username")
    )
    dbapi.opened(found, error)


def _command(args: "Any") -> "Any":
    """Name of a command and the number of keys it names."""
    name = args[0] if args else ""
    if isinstance(name, bytes):
        name = name.decode("latin-1")
    words = str(name).upper().split()
    if not words:
        return "", 0
    head = words[0]
    if not head.replace(".", "").replace("_", "").isalnum() or len(head) > 32:
        return "OTHER", 0
    number = len(args) - 1
    if len(words) > 1:  # "CONFIG GET"
        head = " ".join(words[:2])
    elif head in _ALL_KEYS:
        pass
    elif head in _PAIRS:
        number //= 2
    elif head in _NUMBERED:
        place = _NUMBERED[head]
        try:
            number = int(args[place])
        except (IndexError, TypeError, ValueError):
            number = 0
    else:
        number = 0 if head in _NO_KEY or not number else 1
    return head, number


def _of_command(client: "Any", args: "Any", named: "Any") -> "Any":
    name, number = _command(args)
    if not name:
        return None
    return dbapi.of(client, _server), name, dbapi.Named(name, number)


def _keys(client: "Any", result: object) -> int:
    return 0


def _make_execute(original: "Any", first: "Any") -> "Any":
    """The wrapper of `execute_command` for a command that is known already; any other goes through `first`."""

    def execute_command(self, *args, **options):  # type: ignore[no-untyped-def]
        try:
            found, keys = self._sentinel_known[args[0]]
        except Exception:  # a client, or a command, that is seen for the first time
            found = None
        if found is None:
            try:
                result = first(self, *args, **options)
            except BaseException as error:
                patching.strip(error)
                raise
            _learn(self, args)
            return result
        try:
            result = original(self, *args, **options)
        except BaseException as error:
            patching.strip(error)
            dbapi.done(found, UNDESCRIBED, 0, error)
            raise
        if _IS_TOGETHER:
            number = core.add(found, 1, keys)
        else:
            found.rows += keys
            found.count = number = found.count + 1
        if number >= found.due:
            core.slow(core.tick, found)
        return result

    return patching.disguise(execute_command, original)


def _make_waiting(original: "Any", first: "Any") -> "Any":
    """As `_make_execute`, for the asyncio client."""

    async def execute_command(self, *args, **options):  # type: ignore[no-untyped-def]
        try:
            found, keys = self._sentinel_known[args[0]]
        except Exception:
            found = None
        if found is None:
            try:
                result = await first(self, *args, **options)
            except BaseException as error:
                patching.strip(error)
                raise
            _learn(self, args)
            return result
        try:
            result = await original(self, *args, **options)
        except BaseException as error:
            patching.strip(error)
            dbapi.done(found, UNDESCRIBED, 0, error)
            raise
        if _IS_TOGETHER:
            number = core.add(found, 1, keys)
        else:
            found.rows += keys
            found.count = number = found.count + 1
        if number >= found.due:
            core.slow(core.tick, found)
        return result

    return patching.disguise(execute_command, original)


def _learn(client: "Any", args: "Any") -> None:
    """Has a client find the record of a command at once the next time."""
    try:
        found = dbapi.of(client, _server)
        known = _fast.setdefault(found, {})
        if _remember(found, known, args):
            client._sentinel_known = known
    except BaseException as error:
        if errors.survive("redis", error, UNDO):
            raise


def _remember(found: "dbapi.Server", known: "Dict[Any, Any]", args: "Any") -> bool:
    """Remembers the record of a command whose calls all name the same number of keys; gives whether it is one."""
    name, keys = _command(args)
    activity = found.known.get(name)
    if activity is None or name in _ALL_KEYS or name in _PAIRS or name in _NUMBERED:
        return False
    if len(known) >= _MOST_COMMANDS:
        known.clear()
    known[args[0]] = (activity, keys)
    return True


def _wrap_pipeline(wrapping: "Any", kind: "Any", form: str) -> None:
    """A pipeline's commands count when it is executed; the replies say which failed."""

    def taken(pipeline: "Any") -> "Any":
        return list(pipeline.command_stack)

    def settled(pipeline: "Any", commands: "Any", result: "Any", error: "Any") -> None:
        found = dbapi.of(pipeline, _server)
        replies = result if isinstance(result, list) and len(result) == len(commands) else None
        if error is None and not [each for each in replies or () if isinstance(each, Exception)]:
            _count_all(found, commands)
            return
        for number, each in enumerate(commands):
            name, keys = _command(_arguments(each))
            described = (found, name, dbapi.Named(name, keys))
            failed = replies[number] if replies is not None and isinstance(replies[number], Exception) else None
            failed = failed or (error if number == 0 else None)
            dbapi.done(dbapi.find(*described), described, 0 if failed else keys, failed)

    wrapping.around(kind, "execute", taken, settled, form)


def _arguments(command: "Any") -> "Any":
    """Arguments of a command in a pipeline: a tuple of them and options, an object in newer releases."""
    return command[0] if type(command) is tuple else dbapi.read(command, "args") or command[0]


def _count_all(found: "dbapi.Server", commands: "Any") -> None:
    """Counts commands that all went well: those that name as many keys each time together, the others one by one."""
    known = _fast.setdefault(found, {})
    together: "Dict[Any, Any]" = {}  # command to its record, the keys that one names, and how many there are
    for each in commands:
        args = each[0] if type(each) is tuple else _arguments(each)
        head = args[0] if args else ""
        if head in together:
            together[head][2] += 1
        elif head in known:
            together[head] = [*known[head], 1]
        else:
            name, keys = _command(args)
            described = (found, name, dbapi.Named(name, keys))
            dbapi.done(dbapi.find(*described), described, keys)
            _remember(found, known, args)
    for activity, keys, number in together.values():
        if _IS_TOGETHER:
            count = core.add(activity, number, keys * number)
        else:
            activity.rows += keys * number
            activity.count = count = activity.count + number
        if count >= activity.due:
            core.slow(core.tick, activity)


def _forget() -> None:
    for known in _fast.values():
        known.clear()


core.FORGETTERS.append(_forget)
