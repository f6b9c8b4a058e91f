"""The clipboard, read and written with pyperclip.

Watches: what `pyperclip.determine_clipboard` and `set_clipboard` choose as `copy` and `paste`.
Emits: desktop.use by kind, counted.
Leaves alone and why: the text (never looked at).
Versions: pyperclip 1.7 and up. Source: https://pyperclip.readthedocs.io/
"""

from ... import calls, errors, patching

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, List

VERSIONS = ">=1.7"
EMITS = ("desktop.use",)
PATCHES = ("pyperclip",)

UNDO: "List[Any]" = []
KINDS = {"copy": "clipboard_write", "paste": "clipboard_read"}


def instrument(module: "Any") -> None:
    """Patches the functions."""
    if UNDO:
        return
    # The module replaces its own copy and paste at their first use; what it replaces them by is given here.
    patching.patch(module, "determine_clipboard", _make_determine, UNDO)
    patching.patch(module, "set_clipboard", _make_set(module), UNDO)


def uninstrument() -> None:
    """Takes the patches back."""
    patching.restore(UNDO)


def _make_determine(original: "Any") -> "Any":
    def determine_clipboard(*args: "Any", **named: "Any") -> "Any":
        try:
            pair = original(*args, **named)
        except BaseException as error:
            patching.strip(error)
            raise
        try:
            if UNDO:
                holder: "Any" = type(patching)("pyperclip")
                holder.copy, holder.paste = pair
                calls.desktop(holder, KINDS, "pyperclip", [])
                pair = holder.copy, holder.paste
        except BaseException as error:
            if errors.survive("pyperclip", error, UNDO):
                raise
        return pair

    return patching.disguise(determine_clipboard, original)


def _make_set(module: "Any") -> "Any":
    def make(original: "Any") -> "Any":
        def set_clipboard(*args: "Any", **named: "Any") -> "Any":
            try:
                result = original(*args, **named)
            except BaseException as error:
                patching.strip(error)
                raise
            try:
                if UNDO:
                    calls.desktop(module, KINDS, "pyperclip", [])
            except BaseException as error:
                if errors.survive("pyperclip", error, UNDO):
                    raise
            return result

        return patching.disguise(set_clipboard, original)

    return make
