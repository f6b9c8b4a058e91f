"""Replacing methods of types that can be neither changed nor derived from (static types of C modules).

A proxy would not be what the type checks of the script and of the library expect, so the type itself is changed: `gc.get_referents` of its read-only
`__dict__` gives the dictionary behind it. That is sound only before anybody looked the method up, since the interpreter caches what it found for a type
whose dictionary it believes to be constant: so at the end of the module's import, and never again afterwards. Methods that the interpreter
calls through slots (`__iter__`, `__next__`, `__enter__`) are not reached. A replaced method lives as long as the process, because the cache
holds no reference of its own; taken back, it may still be called.
Source: CPython Objects/typeobject.c (`_PyType_Lookup`, `type_setattro`), Modules/gcmodule.c (`gc.get_referents`).
"""

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List, Optional

_kept: "List[Any]" = []


class Methods:
    """The dictionary of a static type as something that `patching` can patch."""

    def __init__(self, known: "Dict[str, Any]") -> None:
        self.__dict__ = known


def methods(kind: type) -> "Optional[Methods]":
    """Gives the methods of a static type; None where they cannot be had."""
    collector: "Any" = sys.modules.get("gc")
    if collector is None:
        import gc

        collector = sys.modules.pop("gc", gc)  # the script did not import it
    found = collector.get_referents(vars(kind))
    if len(found) != 1 or type(found[0]) is not dict or found[0].get("__doc__") is not vars(kind).get("__doc__"):
        return None
    return Methods(found[0])


def keep(thing: "Any") -> "Any":
    """Keeps a replaced method for good."""
    _kept.append(thing)
    return thing
