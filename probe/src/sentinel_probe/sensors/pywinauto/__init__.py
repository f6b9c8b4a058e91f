"""Windows of other programs used with pywinauto.

Watches: `start` and `connect` of `pywinauto.Application`, and `send_keys`.
Emits: desktop.use by kind, counted.
Leaves alone and why: titles, texts and controls (never looked at).
Versions: pywinauto 0.6 and up. Source: https://pywinauto.readthedocs.io/
"""

from ... import calls, patching

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, List

VERSIONS = ">=0.6"
EMITS = ("desktop.use",)
PATCHES = ("pywinauto",)

UNDO: "List[Any]" = []


def instrument(module: "Any") -> None:
    """Patches the functions."""
    if UNDO:
        return
    application = getattr(module, "Application", None)
    if application is not None:
        calls.desktop(application, {"start": "window", "connect": "window"}, "pywinauto", UNDO)
    calls.desktop(getattr(module, "keyboard", module), {"send_keys": "keyboard", "SendKeys": "keyboard"}, "pywinauto", UNDO)


def uninstrument() -> None:
    """Takes the patches back."""
    patching.restore(UNDO)
