"""Replacing functions of a library by ours without the script noticing.

- A wrapper looks like what it wraps: name, qualified name, module, documentation, signature.
- An exception of the wrapped function passes without our frame: from 3.11 on, `strip(error)` followed by a bare
  `raise` leaves the traceback as it was below us. Up to 3.10 one frame named after the wrapped function stays.
- The file name in a wrapper's code object makes `warnings` count stack levels past it, as past importlib's own frames.

A library is patched at the very end of its import, by whichever route it is imported, and before whoever asked for it goes on:
our finder's event hands the library's own spec to the import system (through a second finder, boot.RELAY, silent otherwise) with its class
changed to one that notices `_initializing` being set back to False, which `_load_unlocked` does when the module's body has run.
No loader is wrapped, no frame of ours lies under the module's body, the body runs once, and the spec then has its class again.
Merely looking for the module (`find_spec`) patches nothing.
"""

import sys
from _thread import get_ident
from time import time_ns

from . import boot, child

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, List, Tuple

#: File name of wrappers; `warnings` skips frames whose file has both "importlib" and "_bootstrap" in its name.
FILE = "<sentinel importlib._bootstrap>"
#: Versions whose interpreters the patches are tested with; beyond, audit events only.
NEWEST = (3, 15)

_MISSING = object()
_os: "Any" = vars(boot)["os"]  # not sys.modules["os"]: a script may have cleared that
#: A C callable that takes a finder's arguments and gives None: what our second finder has while `watch` found nothing for it.
_silent: "Any" = type(_os.environ.get)(sys.audit, "sentinel.relay")
_kinds: "Dict[Any, Any]" = {}
#: Module name and thread to the spec that the lookup under way is to be given.
_found: "Dict[Tuple[str, int], Any]" = {}
#: Module name to its spec, the spec's own class, and the sensor that patches it.
_sensors: "Dict[str, Tuple[Any, Any, str]]" = {}


def _in_child() -> None:
    """Begins the child of a fork at once: wrappers count without asking."""
    boot.OWNER.clear()
    try:
        child.begin(time_ns())
    except Exception:
        pass


_register: "Any" = getattr(_os, "register_at_fork", None)
if _register is not None:
    _register(after_in_child=_in_child)


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


def stay_inside(wrapper: "Any") -> None:
    """Has a wrapper's frame count as one of the library: pandas counts its own frames, by their files, to name the caller in a warning."""
    code = getattr(getattr(wrapper, "__wrapped__", None), "__code__", None)
    if code is not None:
        wrapper.__code__ = wrapper.__code__.replace(co_filename=code.co_filename)


def strip(error: BaseException) -> None:
    """Takes the innermost wrapper's frame off a traceback; the wrapper then says `raise`."""
    trace = error.__traceback__
    if trace is not None:
        error.__traceback__ = trace.tb_next


_Function: "Any" = type(lambda: None)
_CALL = (lambda call, args, named: call(*args, **named)).__code__


def call_as_caller(call: "Any", args: "Any", named: "Any") -> "Any":
    """Calls a C function so that a warning of its own (stack level 1) names the place that called our wrapper, as it would without us. Slow."""
    frame = sys._getframe(1)
    while frame.f_code.co_filename == FILE and frame.f_back is not None:
        frame = frame.f_back
    where = frame.f_code
    code = _CALL.replace(co_filename=where.co_filename, co_name=where.co_name, co_firstlineno=frame.f_lineno)
    try:
        return _Function(code, frame.f_globals)(call, args, named)
    except BaseException as error:
        error.__traceback__ = None
        raise


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


def is_off(undo: "List[Tuple[Any, str, Any]]") -> bool:
    """Whether a fault has switched these patches off."""
    return bool(undo) and undo[-1][0] is _Off


class _Off:
    """Stands in for what was patched."""


def watch(name: str, path: "Any", target: "Any", sensor: str) -> None:
    """Has the sensor patch the module that is being imported, once its body has run. Called from our finder's event."""
    if not is_supported():
        return
    spec = _found.get((name, get_ident())) or find(name, path, target)
    if spec is None or spec.loader is None:
        return
    kind = type(spec)
    spec.__class__ = _watching(kind)
    _sensors[name] = (spec, kind, sensor)
    hand_over(name, spec)


def find(name: str, path: "Any", target: "Any") -> "Any":
    """What the finders that are not ours say of a module."""
    for finder in sys.meta_path:
        if finder is boot.STATE or finder is boot.RELAY:
            continue
        find_spec = getattr(finder, "find_spec", None)
        if find_spec is None:  # a finder of the old protocol could be the one; leave the import alone
            return None
        spec = find_spec(name, path, target)
        if spec is not None:
            return spec
    return None


def hand_over(name: str, spec: "Any") -> None:
    """Has the lookup under way in this thread find that spec, and nobody asked again."""
    _found[name, get_ident()] = spec
    boot.RELAY.find_spec = _hand_over


def _hand_over(name: str, path: "Any" = None, target: "Any" = None) -> "Any":
    """Gives the spec that `watch` found for this very lookup."""
    spec = _found.pop((name, get_ident()), None)
    if not _found:
        boot.RELAY.find_spec = _silent
    return spec


def _watching(kind: "Any") -> "Any":
    """Subclass of a spec's class that tells when the module's body has run."""
    found = _kinds.get(kind)
    if found is None:

        def __setattr__(self, name, value):  # type: ignore[no-untyped-def]
            kind.__setattr__(self, name, value)
            if name == "_initializing" and value is False:
                _ready(self)

        found = _kinds[kind] = type(kind.__name__, (kind,), {"__setattr__": __setattr__, "__module__": kind.__module__, "__qualname__": kind.__qualname__})
    return found


def _module_of(sensor: str) -> str:
    return sensor if sensor == "doors" else "sensors." + sensor


def _ready(spec: "Any") -> None:
    """Patches a library whose body has run; one whose body failed is not in `sys.modules`."""
    sensor = None
    try:
        waiting = _sensors.pop(spec.name, None)
        if waiting is None:
            return
        spec.__class__ = waiting[1]
        sensor = waiting[2]
        module = sys.modules.get(spec.name)
        if waiting[0] is spec and module is not None and getattr(module, "__spec__", None) is spec:
            boot.load(_module_of(sensor)).instrument(module)
    except BaseException as error:
        undo = getattr(boot.LOADED.get(_module_of(str(sensor))), "UNDO", None)
        try:
            foreign = boot.load("errors").survive("instrument", error, undo)
        except Exception:  # the probe's folder is damaged
            foreign = not isinstance(error, Exception)
        if foreign:
            raise
