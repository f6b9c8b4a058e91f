"""Guard mode `doors`: the same handlers without an audit hook, for scripts that call `id()` all the time.

Any audit hook makes every `id()` raise an event, which doubles the time of `copy.deepcopy` and its like. `count` is called for each of them until
it is clear whether a run is of that kind; such a run says so in its health record (`sentinel.probe.id_bound`). Whoever reads it may then make the file
`doors_file(spool, path)`: the next run of that script replaces callables instead, and adds no hook.

Seen in this mode: imports (finders), `open`, the functions of `os` in DOORS, what the standard library itself says by `sys.audit` (programs
started by `subprocess`, `pty.spawn`), sockets of the class `socket.socket`, and every library that is patched. Not seen: native functions that
are reached another way (`io.FileIO`, `posix` functions that somebody kept from before), what pickles, marshals, ctypes and `exec` load, tampering.

A door is a bound method, which like the native function it replaces does not bind to an object again when it is an attribute of a class.
Source: https://docs.python.org/3/library/audit_events.html
"""

import os
import sys
from time import monotonic

from . import boot, patching

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, List, Tuple

#: `id()` calls after which a run is judged, and how quick they must have come, in seconds.
MANY = 50_000
QUICK_S = 1.0
#: Times that a run may be judged.
ROUNDS = 20

UNDO: "List[Any]" = []
_Method: "Any" = type(os.environ.get)
_rounds = [0]


def doors_file(spool: str, path: str) -> str:
    """File whose being there puts the script of that path into this mode; `boot.start` looks for it."""
    return spool + ".doors/" + path.replace(os.sep, "%")[-200:]


def judge() -> None:
    """Called after MANY calls of `id()`: counts on, or has counted enough."""
    _rounds[0] += 1
    now = monotonic()
    is_bound = now - boot.STATE.counting < QUICK_S
    boot.STATE.counting = now
    if is_bound:
        boot.STATE.is_id_bound = True
    if is_bound or _rounds[0] >= ROUNDS:
        if boot.SENSORS.pop("builtins.id", None) and "core" in boot.LOADED:
            boot.load("core").EVENTS -= 1  # type: ignore[attr-defined]


def _open(file, mode="r", buffering=-1, encoding=None, errors=None, newline=None, closefd=True, opener=None):  # type: ignore[no-untyped-def]
    return file, mode, 0


def _os_open(path, flags, mode=0o777, *, dir_fd=None):  # type: ignore[no-untyped-def]
    return path, None, flags


def _number(value: "Any") -> int:
    return value if isinstance(value, int) else -1


#: Function of `os`, event, and what makes the event's arguments of the call's.
DOORS: "Tuple[Tuple[str, str, Callable[..., Any]], ...]" = (
    ("open", "open", _os_open),
    ("remove", "os.remove", lambda path, dir_fd=None: (path, _number(dir_fd))),
    ("unlink", "os.remove", lambda path, dir_fd=None: (path, _number(dir_fd))),
    ("rename", "os.rename", lambda src, dst, src_dir_fd=None, dst_dir_fd=None: (src, dst, _number(src_dir_fd), _number(dst_dir_fd))),
    ("replace", "os.rename", lambda src, dst, src_dir_fd=None, dst_dir_fd=None: (src, dst, _number(src_dir_fd), _number(dst_dir_fd))),
    ("truncate", "os.truncate", lambda path, length: (path, length)),
    ("ftruncate", "os.truncate", lambda fd, length: (fd, length)),
    ("chdir", "os.chdir", lambda path: (path,)),
    ("fchdir", "os.chdir", lambda fd: (fd,)),
    ("system", "os.system", lambda command: (os.fsencode(command),)),
    ("execv", "os.exec", lambda path, argv: (path, argv, None)),
    ("execve", "os.exec", lambda path, argv, env: (path, argv, env)),
    ("posix_spawn", "os.posix_spawn", lambda path, argv, env, **named: (path, argv, env)),
    ("posix_spawnp", "os.posix_spawn", lambda path, argv, env, **named: (path, argv, env)),
    ("startfile", "os.startfile", lambda path, operation="open", *rest: (path, operation)),
)


def start() -> None:
    """Opens the doors instead of adding an audit hook."""
    native = sys.modules[os.name]
    for name, event, arguments in DOORS:
        original = getattr(os, name, None)
        if original is not None and event in boot.SENSORS:
            new = _door(event, original, arguments)
            for holder in (os, native):
                if getattr(holder, name, None) is original:
                    patching.put(holder, name, new, UNDO)
            for known in (os.supports_dir_fd, os.supports_effective_ids, os.supports_fd, os.supports_follow_symlinks):
                if original in known:
                    known.add(new)
    original = sys.modules["builtins"].open
    new = _door("open", original, _open)
    for name in ("builtins", "_io", "io"):  # from 3.14 on `io` comes later, and takes what `_io` has
        if name in sys.modules:
            patching.put(sys.modules[name], "open", new, UNDO)
    patching.put(sys, "audit", _door("", sys.audit, _open), UNDO)
    boot.STATE.find_spec = _find_spec


def _door(event: str, original: "Any", arguments: "Callable[..., Any]") -> "Any":
    if event:

        def door(original, *args, **named):  # type: ignore[no-untyped-def]
            try:
                seen = arguments(*args, **named)
            except TypeError:  # the call is about to fail
                seen = None
            if seen is not None:
                boot._hook(event, seen)
            try:
                return original(*args, **named)
            except BaseException as error:
                patching.strip(error)
                raise

    else:

        def door(original, event, *args):  # type: ignore[no-untyped-def,misc]
            if event in boot.SENSORS:
                boot._hook(event, args)
            try:
                return original(event, *args)
            except BaseException as error:
                patching.strip(error)
                raise

    return _Method(patching.disguise(door, original), original)


def _find_spec(name, path=None, target=None):  # type: ignore[no-untyped-def]
    """Our finder: finds nothing."""
    boot._hook(boot.FIND, (name, path, target))
    if name == "socket" and not UNDO_SOCKET:
        patching.watch(name, path, target, "doors")


AUDIT = {"builtins.id": boot._count}
#: What of `socket` was replaced.
UNDO_SOCKET: "List[Any]" = []

_ADDRESSED = (("connect", "socket.connect"), ("connect_ex", "socket.connect"), ("bind", "socket.bind"))


def instrument(module: "Any") -> None:
    """Opens the doors of `socket`."""
    if UNDO_SOCKET:
        return
    for name, event in _ADDRESSED:
        patching.patch(module.socket, name, _addressed(event), UNDO_SOCKET)
    patching.patch(module.socket, "sendto", _sendto, UNDO_SOCKET)
    patching.put(
        module,
        "getaddrinfo",
        _door("socket.getaddrinfo", module.getaddrinfo, lambda host, port, family=0, type=0, proto=0, flags=0: (host, port, family, type, proto)),
        UNDO_SOCKET,
    )
    for name in ("gethostbyname", "gethostbyaddr"):
        if "socket." + name in boot.SENSORS:
            patching.put(module, name, _door("socket." + name, getattr(module, name), lambda host: (host,)), UNDO_SOCKET)


def _addressed(event: str) -> "Callable[[Any], Any]":
    def make(original: "Any") -> "Any":
        def door(self, *args):  # type: ignore[no-untyped-def]
            if len(args) == 1:
                boot._hook(event, (self, args[0]))
            try:
                return original(self, *args)
            except BaseException as error:
                patching.strip(error)
                raise

        return patching.disguise(door, original)

    return make


def _sendto(original: "Any") -> "Any":
    def door(self, *args):  # type: ignore[no-untyped-def]
        if len(args) > 1:
            boot._hook("socket.sendto", (self, args[-1]))
        try:
            return original(self, *args)
        except BaseException as error:
            patching.strip(error)
            raise

    return patching.disguise(door, original)
