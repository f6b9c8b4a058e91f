"""Cells of notebooks and of IPython sessions.

Watches: IPython's own events `pre_run_cell` and `post_run_cell`, for which it registers when a shell sets up its events. A kernel is one
process and so one run: its cells are the steps of that run.
Emits: notebook.cell, one for each cell, told apart by the id that the notebook gives it, else by its text: executions, failures.
Leaves alone and why: what a cell says (never leaves the process); silent executions (questions of the front end). Which notebook it is, a kernel
is told by its server's JPY_SESSION_NAME only.
Versions: IPython 7.34 to 9, ipykernel 6 and 7. Source: https://ipython.readthedocs.io/en/stable/config/callbacks.html
"""

import os
import sys

from ... import boot, core, errors, patching

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List

VERSIONS = ">=7.34"
EMITS = ("notebook.cell",)
PATCHES = ("IPython.core.interactiveshell",)

UNDO: "List[Any]" = []
#: Text of a cell without an id to its number.
_numbers: "Dict[int, str]" = {}
#: Record of the cell that runs.
_running: "List[core.Activity]" = []


def instrument(module: "Any") -> None:
    """Has every shell tell us of its cells."""
    if not UNDO:
        patching.patch(module.InteractiveShell, "init_events", _make_init_events, UNDO)


def uninstrument() -> None:
    """Takes the patch back; shells that exist go on telling."""
    patching.restore(UNDO)


def _make_init_events(original: "Any") -> "Any":
    def init_events(self):  # type: ignore[no-untyped-def]
        try:
            result = original(self)
        except BaseException as error:
            patching.strip(error)
            raise
        try:
            self.events.register("pre_run_cell", on_start)
            self.events.register("post_run_cell", on_end)
            if "ipykernel" in sys.modules:
                boot.load("script").LEARNT.update(kind="notebook", path=os.environ.get("JPY_SESSION_NAME"))
        except BaseException as error:
            if errors.survive("notebook.init_events", error, UNDO):
                raise
        return result

    return patching.disguise(init_events, original)


def on_start(info: "Any") -> None:
    """pre_run_cell(info)"""
    try:
        del _running[:]
        if not patching.is_off(UNDO) and not info.silent:
            core.slow(_begin, info)
    except BaseException as error:
        if errors.survive("notebook.cell", error, UNDO):
            raise


def on_end(result: "Any") -> None:
    """post_run_cell(result)"""
    try:
        if _running:
            core.slow(_end, _running.pop(), result)
    except BaseException as error:
        if errors.survive("notebook.cell", error, UNDO):
            raise


def _begin(info: "Any") -> None:
    text = info.raw_cell
    name = getattr(info, "cell_id", None)
    if not isinstance(name, str):
        name = _numbers.setdefault(hash(text), str(len(_numbers) + 1))
    found = core.activity_of("notebook.cell", (("sentinel.notebook.cell", name),))
    if found is None:
        found = core.activity("notebook.cell", (("sentinel.notebook.cell", name),))
        found.changes = {"sentinel.notebook.cell_lines": text.count("\n") + 1}
    found.count += 1
    _running.append(found)


def _end(found: "core.Activity", result: "Any") -> None:
    if result.error_before_exec is not None or result.error_in_exec is not None:
        found.errors += 1
    if isinstance(result.execution_count, int):
        found.changes = {**(found.changes or {}), "sentinel.notebook.execution_count": result.execution_count}
    core.tick(found)


def _forget() -> None:
    _numbers.clear()
    del _running[:]


core.FORGETTERS.append(_forget)
