"""Where an activity comes from: the line of the user's code, and the libraries between it and the activity.

Asked once for each new target, never for a repeated one. A frame is somebody's by its file's place; what a file is, is
remembered by its name.

Attributes: `code.file.path` (absent where it is the script itself), `code.line.number`, `sentinel.source.libraries`
(outermost first, at most four), and `sentinel.file.role` = log for a file that a logging library opens.
Source: https://opentelemetry.io/docs/specs/semconv/registry/attributes/code/
"""

import os
import sys

from . import boot

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import Dict, List, Optional, Union

#: What a file is: a library's import name, or one of these.
OURS, STDLIB, LOGGING, USERS = 0, 1, 2, 3
LOGGERS = frozenset(["logging", "loguru", "structlog", "logbook", "concurrent_log_handler", "eliot"])
MOST_LIBRARIES = 4
#: Frames on top that are always ours: find, activity, what is run by slow, slow, and who called it. Skipping them unseen costs nothing, seeing one does.
OWN_FRAMES = 5
#: Frames looked at; deeper recursion is not the caller's business.
MOST_FRAMES = 80
MOST_FILES = 10_000

_kinds: "Dict[str, Union[int, str]]" = {}
_getframe = sys._getframe
_script: "List[Optional[str]]" = []
#: Globals of the hook, whose frame is mostly the next one. Asking a frame for its code raises an audit event, asking for its globals does not.
_hook_scope = boot._hook.__globals__


def kind_of(file: str) -> "Union[int, str]":
    """OURS, STDLIB, LOGGING or USERS, or the import name of the library that the source file belongs to."""
    found = _kinds.get(file)
    if found is None:
        if len(_kinds) > MOST_FILES:
            _kinds.clear()
        found = _kinds[file] = _look(file)
    return found


def _look(file: str) -> "Union[int, str]":
    path = file.replace("\\", "/")
    if path.startswith("<sentinel") or path.startswith(boot._home + "/"):
        return OURS
    if path[:7] == "<frozen":
        return STDLIB
    for mark in ("/site-packages/", "/dist-packages/"):
        at = path.rfind(mark)
        if at >= 0:
            top, slash, _ = path[at + len(mark) :].partition("/")
            return top if slash else top.partition(".")[0]
    if path.startswith(boot.STDLIB.replace("\\", "/")):
        return LOGGING if path.endswith(("/logging/__init__.py", "/logging/handlers.py")) else STDLIB
    return USERS


def find(type_: str) -> str:
    """Attribute fields that name the origin of what the calling thread does now; empty where only the interpreter acts."""
    libraries: "List[str]" = []
    is_log = False
    try:
        frame: "Optional[FrameType]" = _getframe(OWN_FRAMES)
    except ValueError:
        return ""
    while frame is not None and frame.f_globals is _hook_scope:
        frame = frame.f_back
    if frame is not None and frame.f_back is None:  # the script itself, mostly
        scope = frame.f_globals
        if scope.get("__name__") == "__main__" and "__file__" in scope:
            return "\tcode.line.number\t%d" % (frame.f_lineno or 0)
    left = MOST_FRAMES
    file = ""
    while frame is not None and left:
        file = frame.f_code.co_filename
        kind = _kinds.get(file)
        if kind is None:
            kind = kind_of(file)
        if kind == USERS:
            break
        if kind == LOGGING:
            is_log = True
            kind = "logging"
        if type(kind) is str and (not libraries or libraries[-1] != kind):
            libraries.append(kind)
        frame = frame.f_back
        left -= 1
    fields = ""
    if frame is not None and left:
        if not _script:
            _script.append(script())
        if file != _script[0]:
            fields = boot.attributes((("code.file.path", file if file[:1] == "<" else os.path.abspath(file)),))
        fields += "\tcode.line.number\t%d" % (frame.f_lineno or 0)
    if libraries:
        libraries.reverse()
        del libraries[MOST_LIBRARIES:]
        fields += boot.attributes((("sentinel.source.libraries", ",".join(libraries)),))
        if type_ == "file.open" and (is_log or not LOGGERS.isdisjoint(libraries)):
            fields += "\tsentinel.file.role\tlog"
    return fields


def script() -> "Optional[str]":
    """File name that the script's own code objects carry."""
    main = sys.modules.get("__main__")
    name = getattr(main, "__file__", None)
    return name if isinstance(name, str) else "<string>"
