"""Keys watched and pressed with the keyboard library.

Watches: the functions of `keyboard` that listen to all keys or send some.
Emits: desktop.use by kind, counted.
Leaves alone and why: the keys (never looked at).
Versions: keyboard 0.13 and up. Source: https://github.com/boppreh/keyboard
"""

from ... import calls, patching

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, List

VERSIONS = ">=0.13"
EMITS = ("desktop.use",)
PATCHES = ("keyboard",)

UNDO: "List[Any]" = []
#: Function to what it uses.
KINDS = {
    **dict.fromkeys(["hook", "hook_key", "on_press", "on_release", "on_press_key", "on_release_key"], "keyboard_hook"),
    **dict.fromkeys(["add_hotkey", "record", "start_recording"], "keyboard_hook"),
    **dict.fromkeys(["read_event", "read_key", "read_hotkey", "get_typed_strings", "add_word_listener", "wait"], "keyboard_hook"),
    **dict.fromkeys(["send", "press", "release", "press_and_release", "write", "play"], "keyboard"),
}


def instrument(module: "Any") -> None:
    """Patches the functions."""
    if not UNDO:
        calls.desktop(module, KINDS, "keyboard", UNDO)


def uninstrument() -> None:
    """Takes the patches back."""
    patching.restore(UNDO)
