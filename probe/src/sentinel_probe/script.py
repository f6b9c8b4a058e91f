"""Which script a run runs: from the arguments at its start, from `__main__` at its end."""

import os
import sys

from . import redact

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, List, Optional, Tuple


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


def learn(main: "Any") -> "List[Tuple[str, object]]":
    """What only a run of `-m` or of an archive can say: attributes of the end record."""
    spec = main.__spec__
    name = getattr(spec, "name", None)
    if name == "__main__" or type(getattr(spec, "loader", None)).__name__ == "zipimporter":
        return [("sentinel.script.kind", "archive")]
    origin = getattr(spec, "origin", None)
    return [
        ("sentinel.script.module", name),
        ("sentinel.script.path", os.path.abspath(origin) if isinstance(origin, str) else None),
    ]
