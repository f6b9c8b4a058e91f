"""Facts from a system call trace: files, connections, bytes and programs of every process.

Reads what `strace -ff -yy` writes: one file for each thread, descriptors annotated with what they stand for.
Source: strace(1).
"""

import os
import re

CALLS = (
    *("open", "openat", "openat2", "creat", "unlink", "unlinkat", "rename", "renameat", "renameat2", "truncate", "chdir", "fchdir", "getdents64"),
    *("execve", "execveat", "clone", "clone3", "fork", "vfork", "connect", "bind", "listen"),
    *("read", "write", "readv", "writev", "sendto", "recvfrom", "sendmsg", "recvmsg", "sendmmsg", "recvmmsg", "sendfile"),
)
_LINE = re.compile(r"^(?P<call>\w+)\((?P<args>.*)\)\s+= (?P<result>-?\d+|\?|0x[0-9a-f]+)(?P<rest>.*)$")
_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')
_FOLDER = re.compile(r"^(?:AT_FDCWD|\d+)<((?:[^>\\]|\\.)*)>")
_SOCKET = re.compile(r"^\d+<(TCP|TCPv6|UDP|UDPv6):\[(.*?)\]>")
_INBOUND = ("read", "readv", "recvfrom", "recvmsg", "recvmmsg")
_BYTES = (*_INBOUND, "write", "writev", "sendto", "sendmsg", "sendmmsg", "sendfile")


class Program:
    """What one process did while it ran one program: from an exec (or a fork) to the next."""

    def __init__(self, pid, path, arguments, parent):
        self.pid = pid
        self.path = path
        self.arguments = arguments
        self.parent = parent  # Program, or None
        self.files = {}  # (path, operation) to count of successes
        self.refused = set()  # (path, operation)
        self.folders = set()  # opened without saying so, then listed
        self.changes = {}  # (operation, path, target) to count
        self.refused_changes = set()
        self.connects = {}  # (transport, address, port) to count
        self.traffic = {}  # (address, port) to [in, out]
        self.listens = set()  # ports and paths
        self.execs = []  # path and arguments of what it became
        self.refused_execs = set()
        self.is_child_of_fork = False
        self.is_killed = False  # by a signal

    @property
    def is_python(self):
        """Whether the program is a Python interpreter."""
        return re.match(r"^python[\d.]*t?$", os.path.basename(self.path)) is not None


def command(folder, program, arguments):
    """The strace command line that writes its traces into the folder."""
    return ["strace", "-f", "-ff", "-yy", "-q", "-s", "4096", "-o", os.path.join(folder, "t"), "-e", "trace=" + ",".join(CALLS), "--", program, *arguments]


def unquote(text):
    """Text of a C string as strace prints it."""
    path = os.fsdecode(text.encode("latin-1", "backslashreplace").decode("unicode_escape").encode("latin-1"))
    return path.encode("utf-8", "backslashreplace").decode()  # as records write what is no UTF-8


def operation(flags):
    """What the flags of an open ask for; None for folders and paths without content."""
    if "O_DIRECTORY" in flags and "O_TMPFILE" not in flags or "O_PATH" in flags:
        return None
    if "O_WRONLY" not in flags and "O_RDWR" not in flags:
        return "read"
    if "O_APPEND" in flags:
        return "append"
    return "create" if "O_EXCL" in flags and "O_CREAT" in flags else "write"


class Trace:
    """All programs of one run."""

    def __init__(self, folder, cwd):
        self.programs = []
        self._folder = folder
        self._threads = {}
        names = [name for name in os.listdir(folder) if name.startswith("t.")]
        self._waiting = {int(name[2:]) for name in names}
        children = set()
        for pid in self._waiting:
            with open(os.path.join(folder, "t.%d" % pid), encoding="utf-8", errors="surrogateescape") as file:
                for line in file:
                    made = _LINE.match(line)
                    if made and made["call"] in ("clone", "clone3", "fork", "vfork") and made["result"].isdigit():
                        children.add(int(made["result"]))
        for pid in sorted(self._waiting - children):
            self._read(pid, Program(pid, "", [], None), cwd)
        for pid in sorted(self._waiting):  # killed before their maker's call returned
            self._read(pid, Program(pid, "", [], None), cwd)

    def _read(self, pid, program, cwd):
        if pid not in self._waiting:
            return
        self._waiting.discard(pid)
        if program not in self.programs:
            self.programs.append(program)
        with open(os.path.join(self._folder, "t.%d" % pid), encoding="utf-8", errors="surrogateescape") as file:
            lines = file.read().split("\n")
        for line in lines:
            found = _LINE.match(line)
            if not found:
                if line.startswith("+++ killed by"):
                    program.is_killed = True
                continue
            call, args, result = found["call"], found["args"], found["result"]
            is_done = result != "?" and not result.startswith("-")
            if call in ("clone", "clone3", "fork", "vfork"):
                if is_done:
                    child = int(result)
                    if "CLONE_THREAD" in args:
                        self._read(child, program, cwd)
                    else:
                        fork = Program(child, program.path, program.arguments, program)
                        fork.is_child_of_fork = True
                        self._read(child, fork, cwd)
            elif call in ("execve", "execveat"):
                texts = [unquote(text) for text in _STRING.findall(args)]
                path = texts[0] if texts else "?"
                if is_done:
                    if program.path:
                        program.execs.append((path, texts[1:]))
                    new = Program(program.pid, path, texts[1:], program)
                    self.programs.append(new)
                    program = new
                elif program.path:
                    program.refused_execs.add(path)
            elif call == "chdir" and is_done:
                cwd = os.path.normpath(os.path.join(cwd, unquote(_STRING.search(args)[1])))
            elif call == "getdents64":
                program.folders.add(unquote(_FOLDER.match(args)[1]))
            elif call == "fchdir" and is_done:
                cwd = unquote(_FOLDER.match(args)[1])
            else:
                self._fact(program, call, args, result, is_done, cwd)

    def _fact(self, program, call, args, result, is_done, cwd):
        if call in ("open", "openat", "openat2", "creat"):
            what = operation(args) if call != "creat" else "write"
            if what is None:
                return
            key = (_path(args, cwd), what)
            if is_done:
                program.files[key] = program.files.get(key, 0) + 1
            else:
                program.refused.add(key)
        elif call in ("unlink", "unlinkat", "rename", "renameat", "renameat2", "truncate"):
            if "AT_REMOVEDIR" in args:
                return
            texts = list(_STRING.finditer(args))
            if call.startswith("rename"):
                second = args[texts[0].end() :].lstrip(", ")
                key = ("rename", _path(args, cwd), _path(second, cwd))
            else:
                key = ("truncate" if call == "truncate" else "delete", _path(args, cwd), None)
            if is_done:
                program.changes[key] = program.changes.get(key, 0) + 1
            else:
                program.refused_changes.add(key)
        elif call == "connect":
            key = _address(args)
            if key is not None:
                program.connects[key] = program.connects.get(key, 0) + 1
        elif call in ("bind", "listen") and is_done:
            key = _address(args)
            if key is not None:
                program.listens.add(key[2] if key[0] != "unix" else key[1])
            annotated = _SOCKET.match(args)
            if annotated:
                port = annotated[2].rpartition(":")[2]
                if port.isdigit():
                    program.listens.add(int(port))
        elif call in _BYTES and is_done:
            annotated = _SOCKET.match(args)
            if annotated and "->" in annotated[2]:
                host, _, port = annotated[2].partition("->")[2].rpartition(":")
                key = (_plain(host), int(port))
            elif annotated and "sin" in args:  # a datagram without a connection
                found = _address(args)
                if found is None:
                    return
                key = found[1:]
                if call in ("sendto", "sendmsg"):
                    program.connects.setdefault(found, 1)
            else:
                return
            if call in _INBOUND and "->" not in annotated[2] and key not in program.traffic:
                return  # a datagram that comes before any went there: the peer's doing
            size = int(result)
            entry = program.traffic.setdefault(key, [0, 0])
            entry[0 if call in _INBOUND else 1] += size


def _path(args, cwd):
    """First path of a call's arguments, absolute and normalised, not resolved."""
    folder = _FOLDER.match(args)
    base = unquote(folder[1]) if folder else cwd
    text = _STRING.search(args)
    return os.path.normpath(os.path.join(base, unquote(text[1]))) if text else "?"


def _plain(host):
    host = host.strip("[]")
    return host[7:] if host.startswith("::ffff:") else host


def _address(args):
    """Transport, address and port of a socket address in a call's arguments; None for other families."""
    found = re.search(r"sin6?_port=htons\((\d+)\)", args)
    if found:
        host = re.search(r'inet_addr\("([^"]+)"\)', args) or re.search(r'inet_pton\(AF_INET6, "([^"]+)"', args)
        transport = "udp" if re.match(r"^\d+<UDP", args) else "tcp"
        return transport, _plain(host[1]) if host else "?", int(found[1])
    found = re.search(r'sun_path=(@?)"((?:[^"\\]|\\.)*)"', args)
    return ("unix", found[1] + unquote(found[2]), None) if found else None
