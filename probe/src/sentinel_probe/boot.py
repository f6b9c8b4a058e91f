"""Start of the probe: hello and end of the run, one audit hook, one finder, and the door to everything else.

Every Python start pays for every line here, so this file has comments where others have docstrings, type
comments, no classes, and only what a run without activities needs. The rest is loaded by the audit event that first
needs it, never enters `sys.modules`, and gets a private `__import__` that finds relative imports in this folder.
Source: PEP 578 (audit hooks), PEP 451 (finders), RFC 9562 (UUIDv7), packages/protocol/src/probe-record.ts.
"""

import os
import sys
from _thread import get_ident
from time import monotonic, time_ns

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType  # noqa: F401  (type comments)
    from typing import Any, Callable, Dict, Iterable, List, Optional, Tuple  # noqa: F401

VERSION = "0.1.0"
# Event of our finder, which is a C callable (sys.audit bound to this name): imports show up as audit events, it finds nothing,
# and no frame of ours appears in a traceback or a trace function. Its arguments are those of find_spec: name, path, target.
# The interpreter's own `import` event is not raised by importlib.import_module.
FIND = "sentinel.find"
# Audit event to the sensor that handles it.
SENSORS = {
    "import": "importlib",
    FIND: "importlib",
    "open": "io",
    "os.chdir": "io",
    "os.exec": "os",
    "os.posix_spawn": "os",
    "os.remove": "os",
    "os.rename": "os",
    "os.spawn": "os",
    "os.startfile": "os",
    "os.system": "os",
    "os.truncate": "os",
    "pty.spawn": "os",
    "socket.bind": "socket",
    "socket.connect": "socket",
    "socket.getaddrinfo": "socket",
    "socket.sendto": "socket",
    "subprocess.Popen": "subprocess",
}
# Longest text of one attribute, in characters.
LIMIT = 512

HANDLERS = {}  # type: Dict[str, Callable[[Tuple[Any, ...]], None]]
LOADED = {}  # type: Dict[str, ModuleType]
# First seen top-level modules that no record names yet: name, unix ns, whether code outside the stdlib asked for it.
PENDING = []  # type: List[Tuple[str, int, bool]]
# {0: identity} of the thread that is inside the probe's slow path; nobody waits for it. Taken with setdefault, one atomic call, so that an
# exception from a signal handler right behind the call leaves nothing locked: whoever finds its own identity there gives it back.
OWNER = {}  # type: Dict[int, int]
# Calls that came while another thread was inside.
LATER = []  # type: List[Tuple[Callable[..., Any], Tuple[Any, ...]]]
STDLIB = os.__file__[:-5]

_open, _write, _close, _leave, _getpid = os.open, os.write, os.close, os._exit, os.getpid
_FLAGS = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOINHERIT", 0)
_real_import = __import__
_Module = type(sys)
_Method = type(os.environ.get)  # of bound methods
_builtins = {}  # type: Dict[str, Any]
_home = ""

# What changes at a fork. A module because that is the cheapest thing with attributes.
STATE = _Module("state")  # type: Any
STATE.parent_id = None
STATE.started = 0  # unix ns of the fork; 0: of the hello
STATE.written = 0.0  # monotonic time of the last write
STATE.size = 0  # bytes in the file
STATE.dropped = 0  # activities that could not be kept
STATE.ended = False
STATE.lines = []  # records waiting to be written


# Gives the probe's module of that dotted name, loading it once, unseen by the script.
def load(name):
    # type: (str) -> ModuleType
    module = LOADED.get(name)
    if module is None:
        if not _builtins:
            _builtins.update(sys.modules["builtins"].__dict__)
            _builtins["__import__"] = _import
        full = "sentinel_probe." + name
        is_sensor = name[:8] == "sensors."
        path = _home + "/" + name.replace(".", "/") + ("/__init__.py" if is_sensor else ".py")
        code = sys.modules["_frozen_importlib_external"].SourceFileLoader(full, path).get_code(full)
        module = _Module(full)
        module.__package__ = full if is_sensor else "sentinel_probe"
        module.__builtins__ = _builtins  # type: ignore[attr-defined]
        exec(code, module.__dict__)
        LOADED[name] = module
    return module


# `__import__` of our own modules.
def _import(name, scope=None, local=None, names=(), level=0):
    # type: (str, Any, Any, Any, int) -> Any
    if not level:
        return _real_import(name, scope, local, names, 0)
    if name:
        return load(name)
    found = _Module("sentinel_probe")
    for each in names:
        setattr(found, each, load(each))
    return found


# Stands in for a handler until its sensor is loaded.
def _first(event, args):
    # type: (str, Tuple[Any, ...]) -> None
    me = get_ident()
    if OWNER.get(0) == me:
        return
    if STATE.hello and STATE.parent_id is None:
        say_hello()
    owner = me
    try:
        owner = OWNER.setdefault(0, me)
        if owner != me:
            if len(LATER) < 1000:
                LATER.append((handle, (event, args)))
            return
        HANDLERS.update(load("sensors." + SENSORS[event]).AUDIT)
    finally:
        if owner == me:
            OWNER.pop(0, None)
    HANDLERS[event](args)


def handle(event, args):
    # type: (str, Tuple[Any, ...]) -> None
    HANDLERS[event](args)


# As `_first`, but what `site` itself looks for loads no sensor.
def _first_import(args):
    # type: (Tuple[Any, ...]) -> None
    if args[0] != "usercustomize":
        _first("import", args)


# So that not every child of a fork has to load it.
def _before_fork(args):
    # type: (Tuple[Any, ...]) -> None
    load("child")


# As `_first`, but the interpreter's own reading of sources loads no sensor.
def _first_open(args):
    # type: (Tuple[Any, ...]) -> None
    path = args[0]
    if type(path) is str:
        if path[-4:] == ".pyc":
            return
        if path[-3:] == ".py":
            try:
                if sys._getframe(2).f_code.co_filename[:7] == "<frozen":
                    return
            except ValueError:  # no Python code runs yet: this is the script itself
                if STATE.hello:
                    say_hello()
                return
    _first("open", args)


# Text of a field: cut to the limit, escaped.
def field(value):
    # type: (object) -> str
    text = value if type(value) is str else str(value)
    if len(text) > LIMIT:
        text = text[: LIMIT - 1] + "…"
    if "\\" in text or not text.isprintable():
        text = text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
    return text


# Attribute fields of a record, each preceded by a tab; attributes without a value are left out.
def attributes(pairs):
    # type: (Iterable[Tuple[str, object]]) -> str
    return "".join(["\t" + name + "\t" + field(value) for name, value in pairs if value is not None and value != ""])


# Appends records to the run's file; gives whether they are there. Opened and closed for each write: the script can neither run
# out of our descriptor nor close or inherit it. A forked child's hello (STATE.hello) goes with its first record.
def append(lines):
    # type: (List[str]) -> bool
    STATE.written = monotonic()
    if not STATE.run_id:  # child of a fork
        begin("fork", STATE.identity)
    data = ("\n".join([STATE.hello, *lines] if STATE.hello else lines) + "\n").encode("utf-8", "backslashreplace")
    try:
        descriptor = _open(STATE.path, _FLAGS, 0o600)
    except OSError:
        return False
    try:
        written = _write(descriptor, data)
    except OSError:
        return False
    finally:
        _close(descriptor)
    STATE.size += written
    STATE.hello = ""
    if written != len(data):  # disk full within a line: more would continue it
        STATE.path = ""
    return True


# Writes the hello: when the script is opened or at the first event, so that a one-liner without any writes once, at its end.
def say_hello():
    # type: () -> None
    owner = OWNER.setdefault(0, get_ident())
    append([])
    STATE.written = 0.0
    if owner == get_ident():
        OWNER.pop(0, None)


# Gives the run its id and its hello.
def begin(kind, identity):
    # type: (str, Iterable[Tuple[str, object]]) -> None
    noise = os.urandom(10)
    digits = "%012x%016x" % (time_ns() // 1_000_000, int.from_bytes(noise[:8], "big") & 0x0FFF3FFFFFFFFFFF | 0x7000800000000000)
    STATE.run_id = run_id = "%s-%s-%s-%s-%s%s" % (digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:], noise[8:].hex())
    STATE.path = STATE.spool + "/" + run_id + ".probe"
    STATE.identity = identity
    STATE.hello = "H\t1\t%d" % (STATE.started or time_ns()) + attributes(
        (
            ("sentinel.run.id", run_id),
            ("sentinel.run.parent_id", STATE.parent_id),
            ("sentinel.run.start_kind", kind),
            ("process.pid", _getpid()),
            ("process.parent_pid", os.getppid()),
            *identity,
        )
    )


# Starts the probe in this interpreter; without a spool folder it does nothing.
def start(module, home, spool):
    # type: (ModuleType, str, Optional[str]) -> None
    global _home
    spool = os.environ.get("SENTINEL_SPOOL") or spool
    if not spool:
        return
    _home = home
    LOADED["boot"] = module
    STATE.spool = spool if spool[:1] == "/" else os.path.abspath(spool)
    try:
        folder = os.getcwd()  # type: Optional[str]
    except OSError:
        folder = None
    argv = getattr(sys, "argv", None) or [""]
    kind = "command"
    path = name = shape = None  # type: Optional[str]
    if argv[0] != "-c" or len(argv) > 1:
        kind, path, name, shape = load("script").identify(argv)
    begin(
        "start",
        (
            ("process.executable.path", sys.executable),
            ("process.runtime.name", "cpython"),
            ("process.runtime.version", sys.version.partition(" ")[0]),
            ("process.working_directory", folder),
            ("process.user.id", os.getuid()) if hasattr(os, "getuid") else ("process.user.name", os.environ.get("USERNAME")),
            ("process.args_count", len(argv) - 1),
            ("sentinel.process.argument_shape", shape),
            ("sentinel.script.kind", kind),
            ("sentinel.script.path", path),
            ("sentinel.script.module", name),
            ("sentinel.interpreter.prefix", sys.prefix),
            ("sentinel.interpreter.base_prefix", sys.base_prefix),
            ("sentinel.probe.version", VERSION),
            ("sentinel.probe.guard_mode", "audit"),
        ),
    )
    _register(_at_exit)
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=_in_child)
    _exit.__doc__ = _leave.__doc__
    _exit.__module__ = _leave.__module__
    os._exit = sys.modules[_leave.__module__]._exit = _exit  # type: ignore[attr-defined]
    for event in SENSORS:
        HANDLERS[event] = _Method(_first, event)  # type: ignore
    HANDLERS["open"] = _first_open
    HANDLERS["import"] = HANDLERS[FIND] = _first_import
    HANDLERS["os.fork"] = HANDLERS["os.forkpty"] = _before_fork
    finder = _Module("sentinel_probe")
    finder.find_spec = _Method(sys.audit, FIND)  # type: ignore
    sys.meta_path.insert(0, finder)
    sys.addaudithook(_make_hook(frozenset(HANDLERS), HANDLERS))


# atexit.register. Importing the built-in module the usual way costs three times what making it here does.
def _register(function):
    # type: (Callable[[], None]) -> None
    module = sys.modules.get("atexit")  # type: Any
    if module is None:
        try:
            frozen = sys.modules["_frozen_importlib"]  # type: Any
            spec = frozen.ModuleSpec("atexit", frozen.BuiltinImporter, origin="built-in")
            module = frozen._load(spec)
        except Exception:
            import atexit as module
    module.register(function)


# The one audit hook, and the guard around every handler; see `errors`.
def _make_hook(want, handlers):
    # type: (Any, Dict[str, Any]) -> Callable[[str, Tuple[Any, ...]], None]
    def hook(event, args):
        # type: (str, Tuple[Any, ...]) -> None
        if event in want:
            try:
                handlers[event](args)
            except RecursionError:  # no stack left for us; not even for a call
                pass
            except BaseException as error:
                if _survive(event, error):
                    raise

    return hook


# `errors.survive`, even where the probe's folder is damaged.
def _survive(event, error):
    # type: (str, BaseException) -> bool
    handler = HANDLERS[event]
    HANDLERS[event] = _ignore  # before anything that could raise the same event again
    try:
        foreign = load("errors").survive(event, error)  # type: bool
    except Exception:
        foreign = not isinstance(error, Exception)
    if foreign or isinstance(error, MemoryError):
        HANDLERS[event] = handler
    return foreign


def _ignore(args):
    # type: (Tuple[Any, ...]) -> None
    pass


# Writes what is still to be written, then the end record. Never raises for a fault of ours. At the end of a run nobody waits: a
# thread that is busy inside the probe is overtaken.
def finish(route, code=None):
    # type: (str, Optional[int]) -> None
    me = get_ident()
    if OWNER.get(0) == me:
        return
    try:
        OWNER[0] = me
        if not STATE.run_id and load("child").is_idle():
            return
        STATE.ended = True
        lines = []  # type: List[str]
        if PENDING or "core" in LOADED:
            lines = load("core").collect(True)
        if "errors" in LOADED or STATE.dropped:
            lines += load("errors").health()
        main = sys.modules.get("__main__")
        used = os.times()
        ended = [
            ("sentinel.run.exit_route", route),
            ("sentinel.run.exit_code", code),
            ("sentinel.run.cpu_user_ms", "%.1f" % (used[0] * 1000)),
            ("sentinel.run.cpu_system_ms", "%.1f" % (used[1] * 1000)),
            ("sentinel.run.peak_memory_bytes", _peak_memory()),
        ]  # type: List[Tuple[str, object]]
        if getattr(main, "__spec__", None) is not None:
            ended += load("script").learn(main)
        lines.append("E\t%d" % time_ns() + attributes(ended))
        if append(lines):
            STATE.lines = []
    except Exception:
        pass
    finally:
        OWNER.pop(0, None)


# Largest resident memory in bytes, where it can be had without importing anything.
def _peak_memory():
    # type: () -> Optional[int]
    try:
        descriptor = _open("/proc/self/status", 0)
    except OSError:
        usage = sys.modules.get("resource")
        peak = usage.getrusage(0).ru_maxrss if usage is not None else None
        return peak if peak is None or sys.platform == "darwin" else peak * 1024
    try:
        text = os.read(descriptor, 4096)
    finally:
        _close(descriptor)
    return int(text.partition(b"VmHWM:")[2].split(None, 1)[0]) * 1024


def _at_exit():
    # type: () -> None
    kind = getattr(sys, "last_type", None)
    trace = getattr(sys, "last_traceback", None)
    if kind is None or (trace is not None and trace.tb_frame.f_back is not None):
        finish("finished")  # an exception that some console showed is not the end of the run
    else:
        finish("exception", None if issubclass(kind, KeyboardInterrupt) else 1)


def _exit(status):
    # type: (int) -> Any
    if type(status) is int:
        finish("os._exit", status & 0xFF)
    _leave(status)


def _in_child():
    # type: () -> None
    OWNER.clear()
    STATE.started = time_ns()
    try:
        load("child").begin()
    except Exception:
        pass
