"""Replacing functions of a library by ours without the script noticing.

- A wrapper looks like what it wraps: name, qualified name, module, documentation, signature.
- An exception of the wrapped function passes without our frame: from 3.11 on, `strip(error)` followed by a bare
  `raise` leaves the traceback as it was below us. Up to 3.10 one frame named after the wrapped function stays.
- The file name in a wrapper's code object makes `warnings` count stack levels past it, as past importlib's own frames.

A library that must be patched before its first use (sqlite3) is imported by us a moment earlier, inside the script's own
import of it: the `import` event comes before the module's lock is taken, our import completes, and the script's
then finds the module in `sys.modules`. With `importlib.import_module` the lock is held by this very thread and is re-entrant;
the package body then runs twice over the same, already patched, submodules. So no loader is ever wrapped, nothing is to be restored
in `__spec__` or `__loader__`, and merely looking for the module (`find_spec`) patches nothing.
"""

import sys

from . import boot

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, List, Tuple

#: File name of wrappers; `warnings` skips frames whose file has both "importlib" and "_bootstrap" in its name.
FILE = "<sentinel importlib._bootstrap>"
#: Versions whose interpreters the patches are tested with; beyond, audit events only.
NEWEST = (3, 14)

_MISSING = object()


def is_supported() -> bool:
    """Whether this interpreter's internals are ones the patches know."""
    return sys.version_info[:2] <= NEWEST


def disguise(wrapper: "Any", original: "Any") -> "Any":
    """Makes a wrapper look like what it wraps."""
    wrapper.__code__ = wrapper.__code__.replace(co_filename=FILE, co_name=original.__name__)
    for name in ("__name__", "__qualname__", "__doc__", "__module__"):
        value = getattr(original, name, None)
        if value is not None:
            setattr(wrapper, name, value)
    wrapper.__annotations__ = dict(getattr(original, "__annotations__", ()))
    wrapper.__wrapped__ = original  # inspect.signature then gives the original's, or fails as it does
    return wrapper


def strip(error: BaseException) -> None:
    """Takes the innermost wrapper's frame off a traceback; the wrapper then says `raise`."""
    trace = error.__traceback__
    if trace is not None:
        error.__traceback__ = trace.tb_next


def patch(owner: "Any", name: str, make: "Callable[[Any], Any]", undo: "List[Tuple[Any, str, Any]]") -> None:
    """Replaces `owner.name` by what `make` makes of it, and notes how to undo that."""
    original = getattr(owner, name, None)
    if original is None:
        return
    own = vars(owner).get(name, _MISSING)
    setattr(owner, name, make(original))
    undo.append((owner, name, own))


def put(owner: "Any", name: str, new: "Any", undo: "List[Tuple[Any, str, Any]]") -> None:
    """Replaces `owner.name` by a finished thing, and notes how to undo that."""
    undo.append((owner, name, vars(owner).get(name, _MISSING)))
    setattr(owner, name, new)


def restore(undo: "List[Tuple[Any, str, Any]]") -> None:
    """Takes patches back, newest first."""
    while undo:
        owner, name, own = undo.pop()
        if own is _MISSING:
            delattr(owner, name)
        else:
            setattr(owner, name, own)


def switch_off(undo: "List[Tuple[Any, str, Any]]") -> None:
    """Takes patches back for good: the list stays filled, so nobody patches again."""
    restore(undo)
    undo.append((_Off, "nothing", None))


class _Off:
    """Stands in for what was patched."""


def after_import(name: str) -> None:
    """Imports the library inside the script's import of it, and patches it."""
    if not is_supported():
        return
    try:
        __import__(name)
        module = sys.modules[name]
    except BaseException:  # the script's own import is about to fail in the same way
        return
    boot.load("sensors." + name).instrument(module)
