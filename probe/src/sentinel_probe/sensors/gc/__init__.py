"""Looks through the interpreter's objects, by which code can find and change what the probe keeps.

Watches: the audit events `gc.get_objects`, `gc.get_referrers` and `gc.get_referents`.
Emits: probe.tamper, one for each of the three functions and place that calls it first. Tools that look for leaks do the same: it is a fact, not a verdict.
Leaves alone and why: what is found and changed (a closure cell or a dictionary raises no event).
Versions: CPython 3.8 to 3.14. Source: https://docs.python.org/3/library/gc.html
"""

import sys

from ... import boot, origin, tamper

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import Any, Optional, Tuple

VERSIONS = ">=3.8"
EMITS = ("probe.tamper",)


def _report(name: str) -> None:
    """Reports a call that is not the probe's own."""
    frame: "Optional[FrameType]" = sys._getframe(1)
    mine = (__name__, boot.load.__globals__["__name__"])
    while frame is not None and frame.f_globals.get("__name__") in mine:
        frame = frame.f_back
    if frame is None or origin.kind_of(frame.f_code.co_filename) != origin.OURS:
        tamper.report(name)


def on_get_objects(args: "Tuple[Any, ...]") -> None:
    """gc.get_objects(generation)"""
    _report("gc.get_objects")


def on_get_referrers(args: "Tuple[Any, ...]") -> None:
    """gc.get_referrers(objects)"""
    _report("gc.get_referrers")


def on_get_referents(args: "Tuple[Any, ...]") -> None:
    """gc.get_referents(objects)"""
    _report("gc.get_referents")


AUDIT = {"gc.get_objects": on_get_objects, "gc.get_referents": on_get_referents, "gc.get_referrers": on_get_referrers}
