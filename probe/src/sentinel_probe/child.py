"""Makes the child of a fork a run of its own.

Its id, its hello and its file come with its first record or with its end, so a fork costs little. A child that did nothing
observable and used less than 50 ms of the processor leaves no file: a storm of forks must not become a storm of files.

Loaded by `patching` or, without patches, by the child itself, never by the fork: reading a file there lets other threads run between a thread's
decision to fork and the fork, and from 3.12 on a parent whose main thread ends just then leaves a child that can start no thread.
Source: https://docs.python.org/3/library/os.html#os.register_at_fork, proc_pid_stat(5)
"""

import os
import time

from . import boot

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def begin(started: int = 0) -> None:
    """Drops what the parent counted; the id follows with the first record. `started`: unix ns of the fork, where it is known."""
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
    state.started = started or process_start_ns()
    core = boot.LOADED.get("core")
    if core is not None:
        core.forget()
    errors = boot.LOADED.get("errors")
    if errors is not None:
        errors.COUNT[0] = 0
    boot.HANDLERS[""] = boot._nothing


def process_start_ns() -> int:
    """When this process began, in unix ns, to 10 ms; now, where the system does not tell."""
    now = time.time_ns()
    try:
        since_boot = time.clock_gettime_ns(7)  # CLOCK_BOOTTIME
        descriptor = boot._open("/proc/self/stat", 0)
        try:
            fields = os.read(descriptor, 1024).rpartition(b")")[2].split()
        finally:
            boot._close(descriptor)
        age = since_boot - int(fields[19]) * (1_000_000_000 // os.sysconf("SC_CLK_TCK"))
    except (OSError, AttributeError, ValueError, IndexError, RuntimeError):  # RuntimeError: another audit hook forbids it
        return now
    return now - age if 0 <= age else now


def is_idle() -> bool:
    """Whether the child leaves no file."""
    core: "Any" = boot.LOADED.get("core")
    if boot.PENDING or (core is not None and core.has_records()):
        return False
    return time.process_time() < boot.IDLE_S
