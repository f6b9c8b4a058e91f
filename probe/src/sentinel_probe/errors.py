"""Faults of the probe, and how it survives them.

    Exception
    └── RuntimeError
        └── ProbeError         a fault of ours; never reaches a script

What `blocking` raises for a policy is no fault and goes on to the script.

The audit hook and the wrappers of `patching` catch everything and ask `survive`. An exception that
a signal handler of the script raised while our code ran is not ours: it goes on to the script, without
our frames where the interpreter allows that (3.11 and up).
"""

from time import time_ns

from . import boot

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Optional

#: Faults survived in this process.
COUNT = [0]
#: First fault, for tests and for people with a debugger.
FIRST: "list[BaseException]" = []


class ProbeError(RuntimeError):
    """The probe met something it cannot observe."""


def survive(event: str, error: BaseException, patches: "Any" = None) -> "Optional[bool]":
    """Handles an exception that came up inside the probe; gives whether it belongs to the script, None for what is no fault either.

    What another audit hook raises at an event that we brought about is neither: that hook speaks of us, not of what the script does.

    A fault of ours switches the given patches off for the process; the hook has done so with the event's handler. Running out of stack or memory
    is no fault: the observation is lost, the handler stays.
    """
    if getattr(error, "is_sentinel_block", False):  # a policy stops the act: it is meant for the script
        error.__traceback__ = None
        return True
    if "onlooker" in boot.LOADED and not isinstance(error, KeyboardInterrupt):
        try:
            if _is_from_hook(error):
                return None
        except Exception:  # it does not let us look at tracebacks either
            return None
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


def _is_from_hook(error: BaseException) -> bool:
    """Whether an audit hook of somebody else's raised it: our frames, then a function called with an event's name and its arguments."""
    trace = error.__traceback__
    last = None
    while trace is not None:
        frame = trace.tb_frame
        if not str(frame.f_globals.get("__name__")).startswith("sentinel_probe."):
            code = frame.f_code
            scope = frame.f_locals
            given = [scope.get(name) for name in code.co_varnames[: code.co_argcount]]
            if code.co_flags & 4 and len(code.co_varnames) > code.co_argcount + code.co_kwonlyargcount:  # *args
                given.extend(scope.get(code.co_varnames[code.co_argcount + code.co_kwonlyargcount]) or ())
            if any(type(event) is str and type(args) is tuple for event, args in zip(given, given[1:])):
                return last is not None
        last = trace
        trace = trace.tb_next
    return False


def _is_library(frame: "Any") -> bool:
    file = frame.f_code.co_filename
    return file[:7] == "<frozen" or (file.startswith(boot.STDLIB) and "-packages" not in file)


def health() -> "list[str]":
    """Record of the probe on itself, where there is something to say."""
    dropped = boot.STATE.dropped
    is_bound = boot.STATE.is_id_bound
    if not (dropped or COUNT[0] or is_bound):
        return []
    said = (("sentinel.probe.dropped", dropped), ("sentinel.probe.errors", COUNT[0]), ("sentinel.probe.id_bound", "true" if is_bound else None))
    return ["Q\t%d" % time_ns() + boot.attributes(said)]


def fault(error: BaseException) -> None:
    """Counts a fault of ours and leaves a `probe.error` activity."""
    COUNT[0] += 1
    try:
        FIRST.append(error.with_traceback(None)) if not FIRST else None
        core = boot.load("core")
        core.slow(core.count, "probe.error", (("error.type", type(error).__name__),))
    except Exception:  # nothing is left to try
        pass
