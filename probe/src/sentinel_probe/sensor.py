"""What a sensor is, and what all of them need: absolute paths, and whose file is whose.

A sensor is a folder of `sensors/`, named after the import it watches. Its module has

    VERSIONS       versions of what it watches, as a version specifier
    EMITS          activity types
    AUDIT          audit event to handler; a handler takes the event's arguments
    instrument     patches the module (only sensors that patch)
    uninstrument   takes the patches back

A handler looks its record up in a dictionary of its own and calls `core.touch`; only what it does not find
goes through `core.slow`. It raises nothing on purpose; what it raises by mistake ends in `errors.survive`.
"""

import os
import sys

from . import boot, core

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import Any, Optional

_abspath, _fsdecode, _getcwd = os.path.abspath, os.fsdecode, os.getcwd
_is_posix = os.sep == "/"
_getframe = sys._getframe
_hook_scope = boot._hook.__globals__


def absolute(path: object) -> "Optional[str]":
    """Absolute, normalised path at this moment; None for what is no path (a descriptor)."""
    if type(path) is str:
        text = path
        if text[:1] == "/" and text[-1] != "/" and "/." not in text and "//" not in text and _is_posix:
            return text
    elif isinstance(path, int) or path is None:
        return None
    else:
        text = _fsdecode(bytes(path) if isinstance(path, (bytearray, memoryview)) else path)  # type: ignore[arg-type]
    try:
        if text[:1] not in ("/", ".", "") and text[-1] != "/" and "/." not in text and "//" not in text and _is_posix:
            return _getcwd() + "/" + text
        return _abspath(text)
    except OSError:  # the working directory is gone
        return text


def is_library_file(path: str) -> bool:
    """Whether the file lies in the standard library or among installed distributions."""
    return "-packages" + os.sep in path or path.startswith(boot.STDLIB)


def script_frame(skip: int = 1) -> "Optional[FrameType]":
    """Innermost frame that is not the probe's; None where the interpreter itself acts. `skip`: frames known to be ours."""
    try:
        frame: "Optional[FrameType]" = _getframe(skip)
    except ValueError:
        return None
    while frame is not None:
        scope = frame.f_globals
        if scope is not _hook_scope:  # an installed hook is part of `sitecustomize`
            name = scope.get("__name__")
            if type(name) is not str or name[:15] != "sentinel_probe.":
                break
        frame = frame.f_back
    return frame


def bounded(cache: "dict[Any, core.Activity]", key: "Any", found: "core.Activity") -> None:
    """Remembers the record of a key, unless it is only the one for all others."""
    if len(cache) >= core.MOST_ACTIVITIES:
        cache.clear()
    if found is core.IGNORED or not core.is_full():
        cache[key] = found
