"""Which script a run runs: from the arguments at its start, from `__main__` at its end."""

import os
import sys

from . import boot, redact

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List, Optional, Tuple


def identify(argv: "List[str]") -> "Tuple[str, Optional[str], Optional[str], Optional[str]]":
    """Kind, path, module name of the script, and the shape of its own arguments, as `sys.argv` has them before it runs."""
    path = name = None
    first = argv[0]
    if first == "-c":
        kind = "command"
    elif first == "-m":
        kind = "module"
        given: "List[str]" = getattr(sys, "orig_argv", [])
        name = _after_m(given[1 : len(given) - len(argv) + 1])
        kind = "notebook" if name in ("ipykernel_launcher", "ipykernel") else kind
    elif first in ("", "-"):
        kind = "interactive" if first == "" and _is_terminal() else "stdin"
    else:
        path = os.path.abspath(first)
        kind = "archive" if path.endswith((".pyz", ".pyzw", ".zip")) or (path[-3:] != ".py" and os.path.isdir(path)) else "file"
    return kind, path, name, redact.argument_shape(argv[1:])


def _after_m(options: "List[str]") -> "Optional[str]":
    """Module name of `python -m`, from the arguments before the script's own."""
    for at, option in enumerate(options):
        if option[:1] == "-" and option[1:2] != "-" and "m" in option:
            flags, _, name = option.partition("m")
            if flags.strip("-bBdEhiIOPqsSuvVx") == "":
                return name or (options[at + 1] if at + 1 < len(options) else None)
    return None


def _is_terminal() -> bool:
    try:
        return os.isatty(0)
    except OSError:
        return False


#: What a sensor found out about it: `kind`, `path`.
LEARNT: "Dict[str, Any]" = {}
#: Longest source that is read again to be hashed, in bytes.
MOST_SOURCE = 4_000_000


def learn(main: "Any", is_long: bool) -> "List[Tuple[str, object]]":
    """What only the end of a run can say: attributes of the end record. `is_long`: whether there is time to hash a source."""
    if LEARNT:
        path = LEARNT.get("path")
        return [("sentinel.script.kind", LEARNT["kind"]), ("sentinel.script.path", path if path and os.path.isabs(path) else None)]
    spec = getattr(main, "__spec__", None)
    if spec is None:
        return _source() if is_long else []
    name = getattr(spec, "name", None)
    if name == "__main__" or type(getattr(spec, "loader", None)).__name__ == "zipimporter":
        return [("sentinel.script.kind", "archive")]
    origin = getattr(spec, "origin", None)
    return [
        ("sentinel.script.module", name),
        ("sentinel.script.path", os.path.abspath(origin) if isinstance(origin, str) else None),
    ]


def _source() -> "List[Tuple[str, object]]":
    """Hash of a source that stands in no file of the script's own: a command line's, or a file's on standard input, with that file's path."""
    given: "List[str]" = getattr(sys, "orig_argv", [])  # 3.10 and up
    first = boot.STATE.argument
    path: "Optional[str]" = None
    if first == "-c":
        rest = len(sys.argv) - 1
        at = len(given) - 1 - rest
        if at < 2 or given[len(given) - rest :] != sys.argv[1:]:  # the script changed its arguments
            return []
        data = os.fsencode(given[at])
    elif first in ("", "-"):
        try:
            before = os.fstat(0)
            if before.st_mode & 0o170000 != 0o100000 or before.st_size > MOST_SOURCE:
                return []
            data = os.pread(0, before.st_size, 0)
            path = os.readlink("/proc/self/fd/0")
        except (AttributeError, OSError):
            return []
    else:
        return []
    try:
        if sys.version_info >= (3, 12):
            from _sha2 import sha256
        else:
            from _sha256 import sha256  # type: ignore[import-not-found]
    except ImportError:
        return []
    return [("sentinel.script.path", path), ("sentinel.script.sha256", sha256(data).hexdigest())]
