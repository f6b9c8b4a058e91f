"""Text and code objects that the script runs, modules it loads past the import system, and changes to the probe's own functions.

Watches: the audit events `exec` (exec, eval, and a loader's exec_module) and `object.__setattr__` (the code of functions).
Emits: code.load where the script's own code calls: `text`, `code_object` (with the file that it names), or `module_file` (a loader told to
run a file, as plugins are loaded); probe.tamper for a function of the probe whose code is exchanged, before it is.
Leaves alone and why: the text itself (never leaves the process); what the standard library and installed libraries run (named
tuples, data classes, attrs, notebooks' cells: plumbing); `compile` (nothing runs yet); what is typed at a prompt.
Versions: CPython 3.8 to 3.14. Source: PEP 578, https://docs.python.org/3/library/functions.html#exec
"""

import sys

from ... import boot, core, origin, sensor, tamper

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import Any, Dict, Optional, Tuple

VERSIONS = ">=3.8"
EMITS = ("code.load", "probe.tamper")

_getframe = sys._getframe
#: Place that runs something, and what it is, to its record.
_seen: "Dict[Any, core.Activity]" = {}


def on_exec(args: "Tuple[Any, ...]") -> None:
    """exec(code_object)"""
    frame: "Optional[FrameType]" = _getframe(1)
    while frame is not None and origin.kind_of(frame.f_code.co_filename) == origin.OURS:
        frame = frame.f_back
    if frame is None:  # the interpreter runs the script itself, or what was typed
        return
    kind = None
    file = frame.f_code.co_filename
    if file[:7] == "<frozen":
        frame = frame.f_back and frame.f_back.f_back  # exec_module, and who called it
        if frame is None or frame.f_code.co_filename[:7] == "<frozen":
            return
        kind = "module_file"
        file = frame.f_code.co_filename
    if origin.kind_of(file) != origin.USERS:
        return
    name = args[0].co_filename
    if kind is None:
        kind = "text" if name == "<string>" else "code_object"
    key = (file, frame.f_code.co_firstlineno, kind, name)
    found = _seen.get(key)
    if found is None:
        core.slow(_first, key)
    else:
        core.touch(found)


def _first(key: "Tuple[str, int, str, str]") -> None:
    _, _, kind, name = key
    path = None if name[:1] == "<" or not name else sensor.absolute(name)
    found = core.count("code.load", (("sentinel.code.kind", kind), ("file.path", path), ("sentinel.code.name", name if path is None else None)))
    sensor.bounded(_seen, key, found)


def on_setattr(args: "Tuple[Any, ...]") -> None:
    """object.__setattr__(object, name, value): raised for what could change the meaning of running code"""
    if args[1] == "__code__" and is_ours(args[0]) and not _means_the_same(args[0].__code__, args[2]):
        tamper.report("function of the probe: " + args[1])


def _means_the_same(old: "Any", new: "Any") -> bool:
    """Whether only names differ, as where `patching` has a wrapper look like what it wraps."""
    parts = ("co_code", "co_consts", "co_names", "co_flags")
    return all([getattr(old, part, None) == getattr(new, part, part) for part in parts])


def is_ours(function: "Any") -> bool:
    """Whether a function is one of the probe's, or a wrapper that it put in a library."""
    scope = getattr(function, "__globals__", None)
    if scope is None:
        return False
    name = scope.get("__name__")
    return scope is boot.load.__globals__ or (type(name) is str and name.startswith("sentinel_probe."))


core.FORGETTERS.append(_seen.clear)

AUDIT = {"exec": on_exec, "object.__setattr__": on_setattr}
