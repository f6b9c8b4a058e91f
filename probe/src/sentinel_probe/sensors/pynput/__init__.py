"""Keys and the mouse watched and used with pynput.

Watches: the start of a `Listener` and the methods of `Controller`, in `pynput.keyboard` and `pynput.mouse`.
Emits: desktop.use by kind, counted.
Leaves alone and why: the keys and places (never looked at).
Versions: pynput 1.6 and up. Source: https://pynput.readthedocs.io/
"""

from ... import calls, patching

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, List

VERSIONS = ">=1.6"
EMITS = ("desktop.use",)
PATCHES = ("pynput.keyboard", "pynput.mouse",)

UNDO: "List[Any]" = []


def instrument(module: "Any") -> None:
    """Patches the functions."""
    if patching.is_off(UNDO):
        return
    kind = module.__name__.rpartition(".")[2]
    listener, controller = getattr(module, "Listener", None), getattr(module, "Controller", None)
    if listener is not None:
        calls.desktop(listener, {"start": kind + "_hook"}, "pynput", UNDO)
    if controller is not None:
        names = ("press", "release", "type", "tap", "click", "move", "scroll")
        calls.desktop(controller, dict.fromkeys([name for name in names if hasattr(controller, name)], kind), "pynput", UNDO)


def uninstrument() -> None:
    """Takes the patches back."""
    patching.restore(UNDO)
