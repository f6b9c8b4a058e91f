"""Native libraries that the script loads, and a few of their functions that say what it is up to.

Watches: the audit events `ctypes.dlopen` and `ctypes.dlsym`.
Emits: code.load with the kind `native_library` and the library's name, or `injection` for functions that write into processes or
make memory executable; desktop.use for functions that hook the keyboard, take the screen or use the clipboard; probe.tamper for the
interpreter's functions that add or clear audit hooks.
Leaves alone and why: arguments and results; all other functions (too many say nothing); the interpreter's own handle (`ctypes` opens it when it is imported);
extension modules (imports tell of them).
Versions: CPython 3.8 to 3.14. Source: https://docs.python.org/3/library/ctypes.html, https://learn.microsoft.com/windows/win32/api/winuser/
"""

import os
import sys

from ... import core, origin, sensor, tamper

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import Any, Optional, Tuple

VERSIONS = ">=3.8"
EMITS = ("code.load", "desktop.use", "probe.tamper")

_getframe = sys._getframe

#: Function of a system library to the kind of desktop use. Windows, X11, macOS.
DESKTOP = {
    "BitBlt": "screenshot",
    "CGEventCreateKeyboardEvent": "keyboard",
    "CGEventTapCreate": "keyboard_hook",
    "CGWindowListCreateImage": "screenshot",
    "EnumWindows": "window",
    "GetAsyncKeyState": "keyboard_hook",
    "GetClipboardData": "clipboard_read",
    "GetForegroundWindow": "window",
    "GetKeyState": "keyboard_hook",
    "GetKeyboardState": "keyboard_hook",
    "PrintWindow": "screenshot",
    "RegisterHotKey": "keyboard_hook",
    "RegisterRawInputDevices": "keyboard_hook",
    "SendInput": "keyboard",
    "SetClipboardData": "clipboard_write",
    "SetCursorPos": "mouse",
    "SetWindowsHookExA": "keyboard_hook",
    "SetWindowsHookExW": "keyboard_hook",
    "XGetImage": "screenshot",
    "XGrabKey": "keyboard_hook",
    "XGrabKeyboard": "keyboard_hook",
    "XQueryKeymap": "keyboard_hook",
    "XRecordCreateContext": "keyboard_hook",
    "XTestFakeKeyEvent": "keyboard",
    "keybd_event": "keyboard",
    "mouse_event": "mouse",
}
#: Libraries whose use of the desktop their own sensors tell.
LIBRARIES = frozenset(["PIL", "keyboard", "mouse", "mss", "pyautogui", "pygetwindow", "pymsgbox", "pynput", "pyperclip", "pyscreeze", "pywinauto"])
#: Functions that put code into memory or into other processes.
INJECTION = frozenset(
    [
        *("CreateRemoteThread", "NtCreateThreadEx", "QueueUserAPC", "RtlMoveMemory", "VirtualAlloc", "VirtualAllocEx", "VirtualProtect"),
        *("WriteProcessMemory", "mprotect", "process_vm_writev", "ptrace"),
    ]
)
#: Functions of the interpreter itself by which audit hooks come and go.
INTERPRETER = frozenset(["PySys_AddAuditHook", "_PySys_ClearAuditHooks", "PySys_ClearAuditHooks", "Py_FinalizeEx"])


def on_dlopen(args: "Tuple[Any, ...]") -> None:
    """ctypes.dlopen(name)"""
    name = args[0]
    if name:
        core.slow(_library, os.fsdecode(name))


def _library(name: str) -> None:
    path = sensor.absolute(name) if "/" in name or "\\" in name else None
    if path is None or not sensor.is_library_file(path):
        core.count("code.load", (("sentinel.code.kind", "native_library"), ("sentinel.code.name", os.path.basename(name)), ("file.path", path)))


def on_dlsym(args: "Tuple[Any, ...]") -> None:
    """ctypes.dlsym(library, name)"""
    name = args[1]
    if name in DESKTOP:
        if not _is_watched():
            core.slow(core.count, "desktop.use", (("sentinel.desktop.kind", DESKTOP[name]), ("sentinel.library.name", "ctypes")))
    elif name in INJECTION:
        core.slow(core.count, "code.load", (("sentinel.code.kind", "injection"), ("sentinel.code.name", name)))
    elif name in INTERPRETER:
        tamper.report(name)


def _is_watched() -> bool:
    """Whether a library asks that has a sensor of its own."""
    frame: "Optional[FrameType]" = _getframe(1)
    while frame is not None:
        kind = origin.kind_of(frame.f_code.co_filename)
        if kind not in (origin.OURS, origin.STDLIB):
            return kind in LIBRARIES
        frame = frame.f_back
    return False


AUDIT = {"ctypes.dlopen": on_dlopen, "ctypes.dlsym": on_dlsym}
