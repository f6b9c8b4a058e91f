"""Files opened for reading and for writing.

Watches: the audit events `open` (builtins.open, io, os.open, pathlib and all above them) and `os.chdir`.
Emits: file.open, one for each path and operation, counted; `file.size` as it is when the record is written.
Leaves alone and why:
- what the interpreter itself opens: compiled and imported sources, sources shown in tracebacks, reads below the
  standard library and installed distributions, /dev/null and its like, /proc and /sys, folders: noise, not the script's doing;
- descriptors: their opening was seen; reading a file that is not there: nothing was opened;
- bytes read and written: counting them costs x1.6 on text lines; the size and the agent's view from outside serve.
A path relative to a directory descriptor (`dir_fd`) is taken relative to the working directory: the event does not say more.
A file opened through an `opener` raises two events and counts twice (pathlib before 3.10).
An attempt that the system refuses (no permission) is counted as if it had worked: the event comes first.
Versions: CPython 3.8 to 3.14. Source: https://docs.python.org/3/library/audit_events.html
"""

import os
import sys

from ... import boot, core, sensor

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List, Optional, Tuple

VERSIONS = ">=3.8"
EMITS = ("file.open",)

_stat = os.stat
_IGNORED_FLAGS = getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_PATH", 0)
_TEMPORARY = getattr(os, "O_TMPFILE", 0)
_WRITE_FLAGS = os.O_WRONLY | os.O_RDWR
_PSEUDO = frozenset(["/dev/", "/proc", "/sys/"])
_DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty", "/dev/ptmx", "/dev/pts/", "/dev/fd/", "/dev/std")
_READERS = ("linecache.py", "tokenize.py", "inspect.py", "pkgutil.py", "runpy.py", "py_compile.py", "zipimport.py", "traceback.py", "doctest.py", "pdb.py")

#: Arguments of the event to the record they count for.
_seen: "Dict[Any, core.Activity]" = {}
#: Writes, whose size is taken again: path to size as last seen, and the record; the operation where there is none (see `once`).
SIZES: "Dict[str, Tuple[int, Any]]" = {}
_MOST_SIZES = 2_000


def on_open(args: "Tuple[Any, ...]") -> None:
    """open(path, mode, flags)"""
    try:
        found = _seen.get(args)
    except TypeError:  # a path-like object without a hash
        found = None
    if found is None:
        if type(args[0]) is not int:
            core.slow(_first, args)
        return
    if core.IS_FREE_THREADED:
        core.touch(found)
        return
    number = found.count + 1
    found.count = number
    if number >= found.due:
        core.slow(core.tick, found)


def _first(args: "Tuple[Any, ...]") -> None:
    path, mode, flags = args
    full = sensor.absolute(path)
    if full is None:
        return
    what = operation(mode, flags)
    if _is_noise(full, what, flags if mode is None else 0):
        found = core.IGNORED
    else:
        size = None
        once = core.once
        if what == "read" and (once is None or full not in SIZES):  # of many, what this run wrote is there, and the size will stand with that
            try:
                size = _stat(full).st_size
            except (OSError, ValueError):
                return
        if once is not None and once.note("file.open", full, what, size):
            if what != "read" and len(SIZES) < _MOST_SIZES:
                SIZES[full] = (-1, what)
            return
        found = core.activity("file.open", (("file.path", full), ("sentinel.file.operation", what)))
        found.count += 1
        if size is not None:
            if found.attributes is not None:
                found.origin += "\tfile.size\t%d" % size
        elif what != "read" and len(SIZES) < _MOST_SIZES:
            SIZES[full] = (-1, found)
    try:
        sensor.bounded(_seen, args, found)
    except TypeError:
        pass


def operation(mode: "Optional[str]", flags: int) -> str:
    """Operation that a mode, or without one the flags of os.open, asks for."""
    if mode is not None:
        return "create" if "x" in mode else "append" if "a" in mode else "write" if "w" in mode or "+" in mode else "read"
    if not flags & _WRITE_FLAGS:
        return "read"
    if flags & os.O_APPEND:
        return "append"
    return "create" if flags & os.O_EXCL and flags & os.O_CREAT else "write"


def _is_noise(path: str, what: str, flags: int) -> bool:
    if ".pyc" in path and (path[-4:] == ".pyc" or ".pyc." in path):
        return True
    if flags & _IGNORED_FLAGS and flags & _TEMPORARY != _TEMPORARY:
        return True
    if path[:5] in _PSEUDO:
        if path[:5] == "/dev/":
            return path.startswith(_DEVICES)
        if path[:6] == "/proc/":
            owner = path[6:].partition("/")[0]
            return not owner.isdigit() or owner == str(os.getpid())
        if path[:5] == "/sys/" and what == "read":
            return True
    if what == "read":
        if "/zoneinfo/" in path or sensor.is_library_file(path):
            return True
        if core.is_late():
            return path[-3:] == ".py"  # as most readers of sources are nobody's doing
        frame = sensor.script_frame(5)  # ours: script_frame, this, _first, slow, on_open
        if frame is None:
            return True
        if path[-3:] == ".py":
            reader = frame.f_code.co_filename
            return reader[:7] == "<frozen" or (reader.startswith(boot.STDLIB) and reader.endswith(_READERS))
    elif not flags and "tempfile" in sys.modules and not core.is_late():  # it names the folder in which its opener then makes the file
        frame = sensor.script_frame(5)
        return frame is not None and frame.f_globals.get("__name__") == "tempfile"
    return False


def _take_sizes() -> None:
    for path, (before, found) in list(SIZES.items()):
        try:
            size = _stat(path).st_size
        except (OSError, ValueError):
            if before >= 0:  # gone: nothing more to learn; it may also not be there yet
                SIZES.pop(path, None)
            continue
        if size != before:
            if type(found) is str:
                found = core.activity_of("file.open", (("file.path", path), ("sentinel.file.operation", found)))
                if found is None:
                    SIZES.pop(path)
                    continue
            SIZES[path] = (size, found)
            found.changes = {**(found.changes or {}), "file.size": size}


def on_chdir(args: "Tuple[Any, ...]") -> None:
    """os.chdir(path): relative paths mean other files from now on."""
    _seen.clear()


def _forget() -> None:
    _seen.clear()
    SIZES.clear()


def _relieve() -> "List[core.Activity]":
    """Lets go of what it remembers, but for the records whose size is taken again."""
    for key, found in list(_seen.items()):
        if found is not core.IGNORED:
            del _seen[key]
    return [found for _, found in SIZES.values() if type(found) is not str]


core.RELIEVERS.append(_relieve)
core.HARVESTERS.append(_take_sizes)
core.FORGETTERS.append(_forget)

AUDIT = {"open": on_open, "os.chdir": on_chdir}
