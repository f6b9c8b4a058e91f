"""Faults of the probe, and how it survives them.

    Exception
    └── RuntimeError
        └── ProbeError         a fault of ours; never reaches a script

The audit hook and the wrappers of `patching` catch everything and ask `survive`. An exception that
a signal handler of the script raised while our code ran is not ours: it goes on to the script, without
our frames where the interpreter allows that (3.11 and up).
"""

from time import time_ns

from . import boot

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

#: Faults survived in this process.
COUNT = [0]
#: First fault, for tests and for people with a debugger.
FIRST: "list[BaseException]" = []


class ProbeError(RuntimeError):
    """The probe met something it cannot observe."""


def survive(event: str, error: BaseException, patches: "Any" = None) -> bool:
    """Handles an exception that came up inside the probe; gives whether it belongs to the script.

    A fault of ours switches the given patches off for the process; the hook has done so with the event's handler. Running out of stack or memory
    is no fault: the observation is lost, the handler stays.
    """
    foreign = isinstance(error, (KeyboardInterrupt, SystemExit, GeneratorExit))
    trace = error.__traceback__
    while trace is not None and not foreign:
        name = trace.tb_frame.f_globals.get("__name__")
        foreign = not (isinstance(name, str) and name.startswith("sentinel_probe.")) and not _is_library(trace.tb_frame)
        if not foreign:
            trace = trace.tb_next
    if foreign:
        error.__traceback__ = trace
        return True
    if isinstance(error, (RecursionError, MemoryError)):
        return False
    if patches is not None:
        boot.load("patching").switch_off(patches)
    fault(error)
    return False


def _is_library(frame: "Any") -> bool:
    file = frame.f_code.co_filename
    return file[:7] == "<frozen" or (file.startswith(boot.STDLIB) and "-packages" not in file)


def health() -> "list[str]":
    """Record of the probe on itself, where there is something to say."""
    dropped = boot.STATE.dropped
    if not (dropped or COUNT[0]):
        return []
    return ["Q\t%d" % time_ns() + boot.attributes((("sentinel.probe.dropped", dropped), ("sentinel.probe.errors", COUNT[0])))]


def fault(error: BaseException) -> None:
    """Counts a fault of ours and leaves a `probe.error` activity."""
    COUNT[0] += 1
    try:
        FIRST.append(error.with_traceback(None)) if not FIRST else None
        core = boot.load("core")
        core.slow(core.count, "probe.error", (("error.type", type(error).__name__),))
    except Exception:  # nothing is left to try
        pass
