"""The clipboard, read and written with pywin32.

Watches: `GetClipboardData` and the functions that set it, of `win32clipboard`.
Emits: desktop.use by kind, counted.
Leaves alone and why: what is on it (never looked at).
Versions: pywin32 300 and up. Source: https://github.com/mhammond/pywin32
"""

from ... import calls, patching

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, List

VERSIONS = ">=300"
EMITS = ("desktop.use",)
PATCHES = ("win32clipboard",)

UNDO: "List[Any]" = []


def instrument(module: "Any") -> None:
    """Patches the functions."""
    if not UNDO:
        names = {"GetClipboardData": "clipboard_read", "SetClipboardData": "clipboard_write", "SetClipboardText": "clipboard_write"}
        calls.desktop(module, names, "win32clipboard", UNDO)


def uninstrument() -> None:
    """Takes the patches back."""
    patching.restore(UNDO)
