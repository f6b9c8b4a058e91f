"""Files deleted, renamed or truncated, and programs started through `os`.

Watches: the audit events `os.remove`, `os.rename`, `os.truncate`, `os.system`, `os.exec`, `os.posix_spawn`, `os.spawn`,
`os.startfile` and `pty.spawn`.
Emits: file.change, process.spawn. Before an `exec` everything is written, with an end record that holds only if the exec succeeds.
Leaves alone and why: os.mkdir and os.rmdir (no data); a truncated descriptor (no path); `os.fork` (the child is a run of its own);
`os.posix_spawn` and `os.exec` beneath `subprocess` (counted there). An attempt that fails is counted: the event comes first.
Versions: CPython 3.8 to 3.14. Source: https://docs.python.org/3/library/audit_events.html
"""

import os

from ... import boot, core, redact, sensor

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Optional, Sequence, Tuple

    Arguments = Tuple[Any, ...]

VERSIONS = ">=3.8"
EMITS = ("file.change", "process.spawn")


def _change(operation: str, path: object, target: object = None) -> None:
    full = sensor.absolute(path)
    if full is None or full[-4:] == ".pyc" or ".pyc." in full:
        return
    core.count(
        "file.change",
        (
            ("file.path", full),
            ("sentinel.file.operation", operation),
            ("sentinel.file.path.target", sensor.absolute(target)),
        ),
    )


def on_remove(args: "Arguments") -> None:
    """os.remove(path, dir_fd)"""
    core.slow(_change, "delete", args[0])


def on_rename(args: "Arguments") -> None:
    """os.rename(source, target, source_dir_fd, target_dir_fd)"""
    core.slow(_change, "rename", args[0], args[1])


def on_truncate(args: "Arguments") -> None:
    """os.truncate(descriptor or path, length)"""
    core.slow(_change, "truncate", args[0])


def spawn(launcher: str, program: object, arguments: "Optional[Sequence[object]]", shell: bool = False, folder: object = None) -> None:
    """Counts a program that is started. Only from inside `core.slow`."""
    name = os.fsdecode(program) if isinstance(program, (str, bytes, os.PathLike)) else str(program)
    counted = len(arguments) if arguments is not None else None
    core.count(
        "process.spawn",
        (
            ("process.executable.name", os.path.basename(name) or name),
            ("process.executable.path", sensor.absolute(name) if "/" in name or "\\" in name else find(name)),
            ("sentinel.process.launcher", launcher),
            ("process.args_count", counted),
            ("sentinel.process.argument_shape", redact.argument_shape(arguments[1:]) if arguments is not None else None),
            ("sentinel.process.shell", "true" if shell else "false"),
            ("process.working_directory", sensor.absolute(folder)),
        ),
    )


_found: "dict[Tuple[str, str], Optional[str]]" = {}


def find(name: str) -> "Optional[str]":
    """Path of a program as PATH gives it now; None where it is not there."""
    path = os.environ.get("PATH") or os.defpath
    key = (name, path)
    if key not in _found:
        if len(_found) > 500:
            _found.clear()
        _found[key] = None
        for folder in path.split(os.pathsep):
            full = os.path.join(folder, name)
            if os.access(full, os.X_OK) and not os.path.isdir(full):
                _found[key] = os.path.abspath(full)
                break
    return _found[key]


def shell_program(command: object) -> str:
    """First word of a shell command that is a program, without its folder's or arguments' values."""
    text = os.fsdecode(command) if isinstance(command, (bytes, os.PathLike)) else str(command)
    for word in text.split():
        if "=" in word and word.partition("=")[0].isidentifier():
            continue
        word = word.strip("\"'();&|")
        return word if word and word.replace("/", "").replace("-", "").replace("_", "").replace(".", "").replace("+", "").isalnum() else "sh"
    return "sh"


def shell_arguments(command: object) -> "list[str]":
    """Words of a shell command, roughly; only their kinds are kept."""
    text = os.fsdecode(command) if isinstance(command, (bytes, os.PathLike)) else str(command)
    return text.split()


def on_system(args: "Arguments") -> None:
    """os.system(command)"""
    core.slow(spawn, "os.system", shell_program(args[0]), shell_arguments(args[0]), True)


def _sequence(arguments: object) -> "Optional[list[object]]":
    return list(arguments) if isinstance(arguments, (list, tuple)) else None


def on_posix_spawn(args: "Arguments") -> None:
    """os.posix_spawn(path, argv, env); subprocess raises an event of its own"""
    frame = sensor.script_frame()
    if frame is None or frame.f_globals.get("__name__") != "subprocess":
        core.slow(spawn, "os.posix_spawn", args[0], _sequence(args[1]))


def on_spawn(args: "Arguments") -> None:
    """os.spawn(mode, path, args, env): Windows; elsewhere os.spawn* forks and execs"""
    core.slow(spawn, "os.spawn", args[1], _sequence(args[2]))


def on_startfile(args: "Arguments") -> None:
    """os.startfile(path, operation)"""
    core.slow(spawn, "os.startfile", args[0], None)


def on_pty_spawn(args: "Arguments") -> None:
    """pty.spawn(argv)"""
    argv = args[0] if isinstance(args[0], (list, tuple)) else (args[0],)
    core.slow(spawn, "pty.spawn", argv[0], argv)


def on_exec(args: "Arguments") -> None:
    """os.exec(path, args, env)"""
    core.slow(spawn, "os.exec", args[0], _sequence(args[1]))
    boot.finish("exec")
    boot.STATE.ended = False


def _forget() -> None:
    _found.clear()


core.FORGETTERS.append(_forget)

AUDIT = {
    "os.remove": on_remove,
    "os.rename": on_rename,
    "os.truncate": on_truncate,
    "os.system": on_system,
    "os.exec": on_exec,
    "os.posix_spawn": on_posix_spawn,
    "os.spawn": on_spawn,
    "os.startfile": on_startfile,
    "pty.spawn": on_pty_spawn,
}
