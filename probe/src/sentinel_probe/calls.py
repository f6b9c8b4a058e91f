"""Functions of libraries whose calls are told of: the one wrapper that most library sensors use.

The script sees the function it knows: name, signature, pickled by reference, a coroutine function if it was one. Calls of a family beneath
one another are told once, by the outermost. Called before the call itself only where it is asked for; else after it succeeded.
"""

import sys
from _thread import get_ident

from . import core, errors, patching

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, List, Optional, Set, Tuple

    #: Takes arguments, named arguments and result of a call. Called inside `core.slow`.
    Seen = Callable[[Tuple[Any, ...], Dict[str, Any], Any], None]
    Before = Callable[[Tuple[Any, ...]], None]

_COROUTINE = 0x80


def watch(
    owner: "Any",
    name: str,
    seen: "Seen",
    undo: "List[Any]",
    inside: "Set[int]",
    package: "Optional[str]" = None,
    before: "Optional[Before]" = None,
) -> None:
    """Has `seen` told of each successful call of `owner.name`.

    Args:
        inside: Threads that are inside a call of the family.
        package: Modules whose name begins so and that hold the same function get the wrapper too.
        before: Told of each call's arguments first.
    """
    original = getattr(owner, name, None)
    if original is None:
        return
    if isinstance(owner, type):
        found = next(kind for kind in owner.__mro__ if name in vars(kind))
        if isinstance(vars(found)[name], (classmethod, staticmethod, property)):
            return
        if found.__module__.partition(".")[0] == owner.__module__.partition(".")[0]:  # never a class of somebody else, such as Thread
            owner = found
    wrapper = _wrap(original, seen, undo, inside, before)
    patching.put(owner, name, wrapper, undo)
    if package is not None:
        for module_name, module in list(sys.modules.items()):
            if module_name.startswith(package) and module is not owner and module is not None and vars(module).get(name) is original:
                patching.put(module, name, wrapper, undo)


def _wrap(original: "Any", seen: "Seen", undo: "List[Any]", inside: "Set[int]", before: "Optional[Before]") -> "Any":
    code = getattr(original, "__code__", None)
    if code is not None and code.co_flags & _COROUTINE:
        return patching.disguise(_make_coroutine(original, seen, undo), original)

    def call(*args: "Any", **named: "Any") -> "Any":
        if before is not None:
            try:
                before(args)
            except BaseException as error:
                if errors.survive("call", error, undo):
                    raise
        me = get_ident()
        is_outer = me not in inside
        try:
            if is_outer:
                inside.add(me)
            result = original(*args, **named)
        except BaseException as error:
            patching.strip(error)
            raise
        finally:
            if is_outer:
                inside.discard(me)
        if is_outer:
            _tell(seen, args, named, result, undo)
        return result

    return patching.disguise(call, original)


def _make_coroutine(original: "Any", seen: "Seen", undo: "List[Any]") -> "Any":
    async def call(*args: "Any", **named: "Any") -> "Any":
        try:
            result = await original(*args, **named)
        except BaseException as error:
            patching.strip(error)
            raise
        _tell(seen, args, named, result, undo)
        return result

    return call


def _tell(seen: "Seen", args: "Any", named: "Any", result: "Any", undo: "List[Any]") -> None:
    try:
        core.slow(seen, args, named, result)
    except BaseException as error:
        if errors.survive("call", error, undo):
            raise


def desktop(owner: "Any", names: "Dict[str, str]", library: str, undo: "List[Any]", package: "Optional[str]" = None) -> None:
    """Has each call of these functions counted as use of the desktop: function name to kind."""
    for name, kind in names.items():
        watch(owner, name, _used(kind, library), undo, _DESKTOP, package)


_DESKTOP: "Set[int]" = set()


def _used(kind: str, library: str) -> "Seen":
    def seen(args: "Any", named: "Any", result: "Any") -> None:
        core.count("desktop.use", (("sentinel.desktop.kind", kind), ("sentinel.library.name", library)))

    return seen
