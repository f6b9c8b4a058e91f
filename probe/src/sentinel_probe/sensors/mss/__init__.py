"""The screen taken with mss.

Watches: `grab` of the class that `mss.mss()` and `mss.MSS()` make.
Emits: desktop.use by kind, counted.
Leaves alone and why: the picture (never looked at).
Versions: mss 9.0 and up. Source: https://python-mss.readthedocs.io/
"""

import sys

from ... import calls, patching

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, List

VERSIONS = ">=9.0"
EMITS = ("desktop.use",)
PATCHES = ("mss",)

UNDO: "List[Any]" = []


def instrument(module: "Any") -> None:
    """Patches the functions."""
    base = getattr(sys.modules.get("mss.base"), "MSSBase", None) or getattr(sys.modules.get("mss.base"), "MSS", None)
    if not UNDO and base is not None:
        calls.desktop(base, {"grab": "screenshot"}, "mss", UNDO)


def uninstrument() -> None:
    """Takes the patches back."""
    patching.restore(UNDO)
