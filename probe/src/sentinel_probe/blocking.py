"""How a policy stops an act, and how the person at the keyboard is told.

    RuntimeError
    └── SentinelBlocked                    the act did not happen
        ├── SentinelFileBlocked            of a file; also a PermissionError, so that scripts' own handlers of those work
        └── SentinelImportBlocked          of a library, before any of its code ran; also an ImportError, for the same reason

Not an OSError on the network: clients would retry it and hide the reason. The explanation is in the exception, and printed once more as the
last lines of a traceback, below the frames of whatever library stood between.
Source: PEP 578 (a hook that raises stops the act), measurements in docs/decisions.
"""

import os
import sys
from time import sleep

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, List, Optional

    from .policy import Statement

_exit, _write_to = os._exit, os.write
#: Statements that this process was warned of.
_warned = set()  # type: ignore[var-annotated]
_banner = [False]


class SentinelBlocked(RuntimeError):
    """A policy of the company stopped this. `policy` and `statement` say which one, `reason` why."""

    is_sentinel_block = True
    policy = statement = reason = ""


class SentinelFileBlocked(SentinelBlocked, PermissionError):
    """A policy of the company stopped the use of a file."""


class SentinelImportBlocked(SentinelBlocked, ImportError):
    """A policy of the company stopped the import of a library."""


SentinelBlocked.__module__ = SentinelFileBlocked.__module__ = SentinelImportBlocked.__module__ = "sentinel"
#: Kind of the exception by activity type; SentinelBlocked for all others.
KINDS = {"file.change": SentinelFileBlocked, "file.open": SentinelFileBlocked, "module.import": SentinelImportBlocked}


def refusal(statement: "Statement", type_: str, target: str) -> SentinelBlocked:
    """The exception that stops an act."""
    kind: "Any" = KINDS.get(type_, SentinelBlocked)
    rule = statement.policy_id + "/" + statement.id
    asked = " An approval has been asked for." if statement.effect == "approve" else ""
    error: SentinelBlocked = kind("Stopped by company policy %s: %s (%s %s)%s" % (rule, statement.reason, type_, target, asked))
    error.policy, error.statement, error.reason = statement.policy_id, statement.id, statement.reason
    return error


def stop(error: SentinelBlocked) -> None:
    """Raises it."""
    raise made_ready(error) from None


def made_ready(error: SentinelBlocked) -> SentinelBlocked:
    """The exception anew, for one act (tracebacks would grow otherwise), after making sure that its explanation comes last on the screen."""
    if not _banner[0]:
        _banner[0] = True
        _announce_last()
    again = type(error)(*error.args)
    again.policy, again.statement, again.reason = error.policy, error.statement, error.reason
    return again


def warn(statement: "Statement") -> None:
    """Prints one line, once a statement and process."""
    rule = statement.policy_id + "/" + statement.id
    if rule in _warned:
        return
    _warned.add(rule)
    _say("Sentinel: %s (policy %s)\n" % (statement.reason, rule))


def wait(statement: "Statement", hold_s: int) -> None:
    """Says that the run waits, and for what."""
    rule = statement.policy_id + "/" + statement.id
    _say("Sentinel: %s An approval is asked for; this waits up to %d s for it (policy %s)\n" % (_sentence(statement.reason), hold_s, rule))


def _sentence(text: str) -> str:
    return text if text[-1:] in ".!?" else text + "."


def end_run(statement: "Statement") -> None:
    """Ends the run and its children. Does not return."""
    _say("\nStopped by company policy %s/%s: %s\nThis run and the programs it started are ended.\n" % (statement.policy_id, statement.id, statement.reason))
    children = _descendants(os.getpid())
    for pid in children:
        _signal(pid, 15)
    if children:
        sleep(0.3)
        for pid in children:
            _signal(pid, 9)
    _exit(137)


def _announce_last() -> None:
    before = sys.excepthook

    def excepthook(kind: "Any", error: "Any", trace: "Any") -> None:
        before(kind, error, trace)
        found = _cause(error, 0)
        if found is not None and found is not error:
            _say("\n%s\n" % found)

    excepthook.__module__ = "sys"
    sys.excepthook = excepthook


def _cause(error: "Any", depth: int) -> "Optional[SentinelBlocked]":
    """The refusal behind an exception: its cause, its context, or one of its group."""
    if error is None or depth > 20:
        return None
    if isinstance(error, SentinelBlocked):
        return error
    for each in (error.__cause__, error.__context__, *(getattr(error, "exceptions", None) or ())):
        found = _cause(each, depth + 1)
        if found is not None:
            return found
    return None


def _say(text: str) -> None:
    stream = sys.stderr
    try:
        if stream is not None:
            stream.write(text)
            stream.flush()
    except Exception:
        pass


def _descendants(pid: int) -> "List[int]":
    """Children of a process and theirs, where the system tells (Linux)."""
    found: "List[int]" = []
    try:
        for thread in os.listdir("/proc/%d/task" % pid):
            with open("/proc/%d/task/%s/children" % (pid, thread)) as file:
                for word in file.read().split():
                    found += [int(word), *_descendants(int(word))]
    except (OSError, ValueError):
        pass
    return found


def _signal(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except OSError:
        pass
