"""What counts. These rules are the promise that the comparison holds the probe to.

In scope: what processes that run Python do.

Files: every successful open of a file, by path and operation (read, write, append, create), and every deletion, renaming and truncation, except
- `interpreter`: read below the interpreter's own folders and among installed distributions, and compiled sources anywhere;
- `loader`: shared libraries, and what the C library reads to find them, names, locales and time zones;
- `system`: /proc, /sys and devices; folders;
- `source`: Python sources that the import system reads (the module is recorded by name, its submodules are not);
- `memory`: semaphores and shared memory, which lie in /dev/shm;
- `journal`: SQLite's journals beside a database that is recorded;
- `probe`: the probe's own.
What of these the record holds all the same must be true, and is not counted for recall.

Connections: every address that a process tried to connect or sent a datagram to, except `names` (name servers, the name service cache, the daemon that makes UUIDs for the C library, and the
connects without data by which the C library sorts addresses). Bytes: those of connections out, by address, and of datagrams once one was sent there;
what comes to a listener is the peer's doing. Over TLS the record counts clear bytes, so only more than nothing is asked.

Programs: every program that a process started. One that is a Python with a run of its own is recorded by that run.
"""

import os
import re

_LOADER_FILES = re.compile(
    r"^(/etc/(ld\.so|localtime|nsswitch\.conf|host\.conf|resolv\.conf|hosts|gai\.conf|services|protocols|passwd|group|ssl/|locale|mime\.types|apache|httpd)"
    r"|/usr/lib/(locale|ssl|x86_64|aarch64|gconv)|/usr/share/(locale|zoneinfo|i18n)|/lib/|/lib64/|/usr/lib/[^/]*\.so|/usr/local/lib/)"
)
_SHARED = re.compile(r"\.so(\.[\d.]+)?$")


def outside_file(path, operation, interpreter_folders, probe_folders, databases=()):
    """Name of the rule that takes an opened file out of scope; None if it counts."""
    if any(path.startswith(folder + os.sep) or path == folder for folder in probe_folders):
        return "probe"
    if path.startswith(("/dev/shm/sem.", "/dev/shm/psm_", "/dev/shm/pym-", "/dev/shm/wnsm_")):
        return "memory"
    if any(path in (database + "-journal", database + "-wal", database + "-shm") for database in databases):
        return "journal"
    if path.startswith(("/proc/", "/sys/", "/dev/")) and not path.startswith("/dev/shm/"):
        return "system"
    if path.endswith(".pyc") or ".pyc." in path:
        return "interpreter"
    if operation == "read":
        if _SHARED.search(path) or _LOADER_FILES.match(path):
            return "loader"
        if "-packages/" in path or any(path.startswith(folder + os.sep) for folder in interpreter_folders) or os.path.basename(path) == "pyvenv.cfg":
            return "interpreter"
        if path.endswith(".py"):
            return "source"
        if os.path.basename(path).startswith("python") and path.endswith((".zip", "._pth")):
            return "interpreter"
    return None


def outside_connect(key, traffic):
    """Name of the rule that takes an address out of scope; None if it counts."""
    transport, address, port = key
    if transport == "unix":
        return "names" if address.startswith(("/var/run/nscd", "/run/nscd", "/run/systemd", "/var/run/dbus", "/run/uuidd", "/var/run/uuidd")) else None
    if transport == "udp" and (port in (0, 53) or not any(traffic.get((address, port), (0, 0)))):
        return "names"
    return None


def explain(program, path):
    """Why something in scope is not in the record; None if nothing explains it."""
    if any(re.match(r"^-[bBdEIOsuvx]*S", argument) for argument in program.arguments[1:4]):
        return "started with -S: no code of ours can run there; the agent reports the process"
    if program.is_killed:
        return "killed by a signal: up to 64 records of the last burst are not written"
    if path.endswith((".pem", ".crt", ".cer", ".key", ".p12")):
        return "native library: OpenSSL opens certificates and keys itself"
    return None
