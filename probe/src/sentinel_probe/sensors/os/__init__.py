"""Files deleted, renamed or truncated, and programs started through `os`.

Watches: the audit events `os.remove`, `os.rename`, `os.truncate`, `os.system`, `os.exec`, `os.posix_spawn`, `os.spawn`,
`os.startfile` and `pty.spawn`.
Emits: file.change, process.spawn, and package.install for what an installer other than pip (uv, poetry, pdm, conda) is asked for by its
arguments, a requirements file or, where a policy speaks of it, its uv.lock; pip's own process says what it chose. Before an `exec` everything is
written, with an end record that holds only if the exec succeeds.
Leaves alone and why: os.mkdir and os.rmdir (no data); a truncated descriptor (no path); `os.fork` (the child is a run of its own);
`os.posix_spawn` and `os.exec` beneath `subprocess` and `pty` (counted there), `os.exec` of what is not there. Another attempt that
fails is counted: the event comes first. A path below a folder's descriptor is made whole where /proc tells the folder's.
Versions: CPython 3.8 to 3.14. Source: https://docs.python.org/3/library/audit_events.html
"""

import os

from ... import boot, core, packages, redact, sensor

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Optional, Sequence, Tuple

    Arguments = Tuple[Any, ...]

VERSIONS = ">=3.8"
EMITS = ("file.change", "package.install", "process.spawn")


def _change(operation: str, path: object, target: object = None, folder: object = -1, target_folder: object = -1) -> None:
    full = _below(folder, path)
    if full is None or full[-4:] == ".pyc" or ".pyc." in full:
        return
    what = (("file.path", full), ("sentinel.file.operation", operation))
    if target is not None or core.once is None or not core.once.note("file.change", full, operation):
        core.count("file.change", what if target is None else (*what, ("sentinel.file.path.target", _below(target_folder, target))))
    if operation != "truncate":
        files = boot.LOADED.get("sensors.io")
        if files is not None:
            files.SIZES.pop(full, None)


def _below(folder: object, path: object) -> "Optional[str]":
    """Absolute path of what was named relative to a folder's descriptor; as it was named where the system does not tell the folder's path."""
    if type(folder) is int and folder >= 0 and path is not None:
        name = os.fsdecode(bytes(path) if isinstance(path, (bytearray, memoryview)) else path)  # type: ignore[arg-type]
        try:
            return sensor.absolute(os.path.join(os.readlink("/proc/self/fd/%d" % folder), name))
        except OSError:
            return name
    return sensor.absolute(path)


def on_remove(args: "Arguments") -> None:
    """os.remove(path, dir_fd)"""
    core.slow(_change, "delete", args[0], None, args[1])


def on_rename(args: "Arguments") -> None:
    """os.rename(source, target, source_dir_fd, target_dir_fd)"""
    core.slow(_change, "rename", args[0], args[1], args[2], args[3])


def on_truncate(args: "Arguments") -> None:
    """os.truncate(descriptor or path, length)"""
    core.slow(_change, "truncate", args[0])


def spawn(launcher: str, program: object, arguments: "Optional[Sequence[object]]", shell: bool = False, folder: object = None) -> None:
    """Counts a program that is started. Only from inside `core.slow`."""
    name = os.fsdecode(program) if isinstance(program, (str, bytes, os.PathLike)) else str(program)
    installs = arguments is not None and is_installer(name, arguments)
    if installs and arguments is not None:
        _installs(arguments, sensor.absolute(folder))
        if core.is_refusing():
            return
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
            ("sentinel.package.names", packages.requested(arguments) if arguments is not None and installs else None),
            ("sentinel.mcp.server", mcp_server(name, arguments) if arguments is not None else None),
        ),
    )


def _installs(arguments: "Sequence[object]", folder: "Optional[str]") -> None:
    """Counts what an installer is asked for that says nothing itself; of a lock file only what a policy speaks of."""
    installer, asked, locked = packages.releases(arguments, folder)
    if not (asked or locked):
        return
    install_facts: "Any" = boot.load("distributions").install_facts
    for name, version in asked:
        core.count("package.install", install_facts(installer, name, version, "request"))
    deciding = core.policies() if locked else None
    if deciding is not None and deciding.says_of("package.install"):
        for name, version in locked:
            facts = install_facts(installer, name, version, "request")
            if deciding.would_match(core.Activity("package.install", facts), ()):
                core.count("package.install", facts)


def mcp_server(name: str, arguments: "Sequence[object]") -> "Optional[str]":
    """Name of the MCP server that a command starts, by its shape; None where it looks like none."""
    for argument in (name, *arguments[1:9]):
        text = os.fsdecode(argument) if isinstance(argument, (str, bytes, os.PathLike)) else ""
        if "mcp" in text or "modelcontextprotocol" in text:  # most commands end here
            return boot.load("mcp").server_of(name, arguments)  # type: ignore[no-any-return]
    return None


def is_installer(name: str, arguments: "Sequence[object]") -> bool:
    """Whether it is worth looking for packages: an installer, Python, or a shell's command with one."""
    program = os.path.basename(name).lower()
    return program.startswith(_INSTALLING) or (len(arguments) > 2 and program in ("sudo", "cd", "sh", "env"))


_INSTALLING = ("pip", "uv", "python", "poetry", "pdm", "conda", "mamba", "micromamba", "easy_install", "py.exe", "cmd", "powershell", "pwsh", "bash", "py")


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


def _exists(path: "Any") -> bool:
    try:
        os.stat(path)
    except (OSError, ValueError):
        return False
    return True


def on_exec(args: "Arguments") -> None:
    """os.exec(path, args, env); execvp raises it for every folder of PATH, and pty.spawn beneath an event of its own"""
    if type(args[0]) is not int and not _exists(args[0]):
        return
    frame = sensor.script_frame()
    while frame is not None and frame.f_globals.get("__name__") == "os":
        frame = frame.f_back
    if frame is None or frame.f_globals.get("__name__") != "pty":
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
