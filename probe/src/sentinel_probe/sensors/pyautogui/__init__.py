"""Mouse, keyboard and screen used with PyAutoGUI.

Watches: the functions of `pyautogui` that click, move, type and look.
Emits: desktop.use by kind, counted.
Leaves alone and why: what is typed, where is clicked, what is on the screen (never looked at); a call beneath another one.
Versions: PyAutoGUI 0.9.50 and up. Source: https://pyautogui.readthedocs.io/
"""

from ... import calls, patching

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, List

VERSIONS = ">=0.9.50"
EMITS = ("desktop.use",)
PATCHES = ("pyautogui",)

UNDO: "List[Any]" = []
#: Function to what it uses.
KINDS = {
    **dict.fromkeys(["click", "doubleClick", "tripleClick", "rightClick", "middleClick", "leftClick", "mouseDown", "mouseUp"], "mouse"),
    **dict.fromkeys(["moveTo", "moveRel", "move", "dragTo", "dragRel", "drag", "scroll", "hscroll", "vscroll"], "mouse"),
    **dict.fromkeys(["typewrite", "write", "press", "hotkey", "keyDown", "keyUp"], "keyboard"),
    **dict.fromkeys(["screenshot", "locateOnScreen", "locateAllOnScreen", "locateCenterOnScreen", "pixel", "pixelMatchesColor"], "screenshot"),
    **dict.fromkeys(["getActiveWindow", "getAllWindows", "getWindowsWithTitle"], "window"),
}


def instrument(module: "Any") -> None:
    """Patches the functions."""
    if not UNDO:
        calls.desktop(module, KINDS, "pyautogui", UNDO)


def uninstrument() -> None:
    """Takes the patches back."""
    patching.restore(UNDO)
