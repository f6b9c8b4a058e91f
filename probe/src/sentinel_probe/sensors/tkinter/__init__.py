"""The clipboard, read and written with tkinter.

Watches: `clipboard_get`, `clipboard_append` of `tkinter.Misc`.
Emits: desktop.use by kind, counted.
Leaves alone and why: all else of a user interface, and what is on the clipboard.
Versions: CPython 3.8 to 3.14. Source: https://docs.python.org/3/library/tkinter.html
"""

from ... import calls, patching

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, List

VERSIONS = ">=3.8"
EMITS = ("desktop.use",)
PATCHES = ("tkinter",)

UNDO: "List[Any]" = []


def instrument(module: "Any") -> None:
    """Patches the functions."""
    if not UNDO:
        calls.desktop(module.Misc, {"clipboard_get": "clipboard_read", "clipboard_append": "clipboard_write"}, "tkinter", UNDO)


def uninstrument() -> None:
    """Takes the patches back."""
    patching.restore(UNDO)
