"""Applications driven through COM with comtypes.

Watches: `CreateObject`, `GetActiveObject` and `CoGetObject` of `comtypes.client`.
Emits: com.call with the ProgID and the call.
Leaves alone and why: members of the objects (they are generated classes or C; the object itself is told), arguments.
Versions: comtypes 1.1 and up. Source: https://comtypes.readthedocs.io/
"""

from ... import boot, calls, core, patching

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, List, Set, Tuple

VERSIONS = ">=1.1"
EMITS = ("com.call",)
PATCHES = ("comtypes.client",)

UNDO: "List[Any]" = []
_inside: "Set[int]" = set()


def instrument(module: "Any") -> None:
    """Patches the functions that give objects."""
    if not UNDO:
        for name in ("CreateObject", "GetActiveObject", "CoGetObject"):
            calls.watch(module, name, _given(name), UNDO, _inside, "comtypes.")


def uninstrument() -> None:
    """Takes the patches back."""
    patching.restore(UNDO)


def _given(call: str) -> "Any":
    def seen(args: "Tuple[Any, ...]", named: "Any", result: "Any") -> None:
        given = args[0] if args else next(iter(named.values()), None)
        name = boot.load("sensors.win32com__client").prog_id(given)
        core.count("com.call", (("sentinel.com.prog_id", name), ("sentinel.com.member", call), ("sentinel.library.name", "comtypes")))

    return seen
