"""Classes and functions that unpickling looks up: with them a pickle can do anything.

Watches: the audit event `pickle.find_class`.
Emits: code.load with the kind `pickle` and the full name of what was looked up, counted.
Leaves alone and why: values (never looked at); what multiprocessing and process pools send between a program and its own
workers; classes that the C unpickler has in its cache (protocol extension codes).
Versions: CPython 3.8 to 3.14. Source: https://docs.python.org/3/library/pickle.html
"""

import sys

from ... import boot, core, origin, sensor

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import Any, Dict, Optional, Tuple

VERSIONS = ">=3.8"
EMITS = ("code.load",)

_getframe = sys._getframe
_WORKERS = ("/multiprocessing/", "/concurrent/")
_MOST_FRAMES = 20

#: Module and name to their record.
_seen: "Dict[Any, core.Activity]" = {}


def on_find_class(args: "Tuple[Any, ...]") -> None:
    """pickle.find_class(module, name)"""
    found = _seen.get(args)
    if found is None:
        core.slow(_first, args)
    else:
        core.touch(found)


def _first(args: "Tuple[Any, ...]") -> None:
    frame: "Optional[FrameType]" = _getframe(1)
    for _ in range(_MOST_FRAMES):
        if frame is None:
            break
        if origin.kind_of(frame.f_code.co_filename) not in (origin.OURS, origin.STDLIB):  # not the pool itself, but what runs in one
            break
        file = frame.f_code.co_filename.replace("\\", "/")
        if any([part in file for part in _WORKERS]) and frame.f_code.co_filename.startswith(boot.STDLIB):
            return
        frame = frame.f_back
    sensor.bounded(_seen, args, core.count("code.load", (("sentinel.code.kind", "pickle"), ("sentinel.code.name", "%s.%s" % args))))


core.FORGETTERS.append(_seen.clear)

AUDIT = {"pickle.find_class": on_find_class}
