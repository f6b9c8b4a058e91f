"""Programs started through `subprocess`.

Watches: the audit event `subprocess.Popen`.
Emits: process.spawn, one for each program, launcher and shape of arguments, counted.
Leaves alone and why: arguments, environment and input (values never leave the process); what `_posixsubprocess` is told
directly by others (multiprocessing's helpers: plumbing, their children are runs of their own).
The event comes before the program is found; one that does not exist is counted.
Versions: CPython 3.8 to 3.14. Source: https://docs.python.org/3/library/subprocess.html
"""

from ... import boot, core

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Tuple

VERSIONS = ">=3.8"
EMITS = ("process.spawn",)


def on_popen(args: "Tuple[Any, ...]") -> None:
    """subprocess.Popen(executable, args, cwd, env)"""
    core.slow(_popen, args)


def _popen(args: "Tuple[Any, ...]") -> None:
    processes = boot.load("sensors.os")
    executable, given, folder = args[0], args[1], args[2]
    if isinstance(given, (str, bytes)) or hasattr(given, "__fspath__"):  # Windows: one command line
        arguments = processes.shell_arguments(given)
    else:
        arguments = list(given)
    if len(arguments) > 2 and arguments[0] in ("/bin/sh", "/system/bin/sh") and arguments[1] == "-c" and executable in arguments[:1]:
        command = arguments[2]
        processes.spawn("subprocess.Popen", processes.shell_program(command), processes.shell_arguments(command), True, folder)
    else:
        processes.spawn("subprocess.Popen", executable if executable else arguments[0], arguments, False, folder)


AUDIT = {"subprocess.Popen": on_popen}
