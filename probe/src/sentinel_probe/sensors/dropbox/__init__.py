"""Dropbox.

Watches: `request` of the clients, through which every operation goes.
Emits: storage.call, one for each operation and container, counted; the bytes are those of the connection.
Leaves alone and why: paths and contents (never looked at).
Versions: dropbox 11.0 and up. Source: https://dropbox-sdk-python.readthedocs.io/
"""

from ... import calls, core, patching

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, List, Set, Tuple

VERSIONS = ">=11.0"
EMITS = ("storage.call",)
PATCHES = ("dropbox",)

UNDO: "List[Any]" = []
_inside: "Set[int]" = set()


def _called(args: "Tuple[Any, ...]", named: "Any", result: "Any") -> None:
    route = args[1] if len(args) > 1 else named.get("route")
    space = args[2] if len(args) > 2 else named.get("namespace")
    operation = "/".join([str(each) for each in (space, getattr(route, "name", None)) if each])
    core.count("storage.call", (("cloud.provider", "dropbox"), ("sentinel.storage.operation", operation or "request"), ("sentinel.storage.service", "dropbox")))



def instrument(module: "Any") -> None:
    """Patches the operations."""
    if not UNDO:
        base = module.Dropbox if hasattr(module.Dropbox, "request") else None
        if base is not None:
            calls.watch(base, "request", _called, UNDO, _inside)


def uninstrument() -> None:
    """Takes the patches back."""
    patching.restore(UNDO)
