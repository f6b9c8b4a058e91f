"""Makes the child of a fork a run of its own.

Its id, its hello and its file come with its first record or with its end, so a fork costs little. A child that did nothing
observable and lived for less than 50 ms leaves no file: a storm of forks must not become a storm of files.
"""

from time import time_ns

from . import boot

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

IDLE_NS = 50_000_000


def begin() -> None:
    """Drops what the parent counted; the id follows with the first record."""
    del boot.LATER[:]
    del boot.PENDING[:]
    state = boot.STATE
    if state.run_id:
        state.parent_id = state.run_id
    state.run_id = state.hello = ""
    state.size = state.dropped = 0
    state.lines = []
    state.ended = False
    state.written = 0.0
    state.started = state.forked
    state.forked = 0
    core = boot.LOADED.get("core")
    if core is not None:
        core.forget()
    errors = boot.LOADED.get("errors")
    if errors is not None:
        errors.COUNT[0] = 0


def is_idle() -> bool:
    """Whether the child leaves no file."""
    core: "Any" = boot.LOADED.get("core")
    if boot.PENDING or (core is not None and core.has_records()):
        return False
    started: int = boot.STATE.started
    return time_ns() - started < IDLE_NS


#: Nothing is to be done before a fork but to be loaded.
AUDIT = {"os.fork": len, "os.forkpty": len}
