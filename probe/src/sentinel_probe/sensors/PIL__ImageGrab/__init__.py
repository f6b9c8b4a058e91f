"""The screen and the clipboard taken with Pillow.

Watches: `grab` and `grabclipboard` of `PIL.ImageGrab`.
Emits: desktop.use by kind, counted.
Leaves alone and why: the picture (never looked at); what PyAutoGUI takes through it (told there).
Versions: Pillow 7.1 and up. Source: https://pillow.readthedocs.io/en/stable/reference/ImageGrab.html
"""

from ... import calls, patching

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, List

VERSIONS = ">=7.1"
EMITS = ("desktop.use",)
PATCHES = ("PIL.ImageGrab",)

UNDO: "List[Any]" = []


def instrument(module: "Any") -> None:
    """Patches the functions."""
    if not UNDO:
        calls.desktop(module, {"grab": "screenshot", "grabclipboard": "clipboard_read"}, "PIL", UNDO)


def uninstrument() -> None:
    """Takes the patches back."""
    patching.restore(UNDO)
