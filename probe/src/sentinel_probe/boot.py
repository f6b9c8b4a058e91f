"""Start of the probe: hello and end of the run, one audit hook, one finder, and the door to everything else.

Every Python start pays for every line here, so this file has comments where others have docstrings, type
comments, no classes, and only what a run without activities needs. The rest is loaded by the audit event that first
needs it, never enters `sys.modules`, and gets a private `__import__` that finds relative imports in this folder.
Source: PEP 578 (audit hooks), PEP 451 (finders), RFC 9562 (UUIDv7), packages/protocol/src/probe-record.ts.
"""

import os
import sys
from _thread import get_ident
from time import monotonic, process_time, sleep, time_ns

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType  # noqa: F401  (type comments)
    from typing import Any, Callable, Dict, Iterable, List, Optional, Tuple  # noqa: F401

VERSION = "0.1.0"
# Event of our finder, which is a C callable (sys.audit bound to this name): imports show up as audit events, it finds nothing,
# and no frame of ours appears in a traceback or a trace function. Its arguments are those of find_spec: name, path, target.
# The interpreter's own `import` event is not raised by importlib.import_module.
FIND = "sentinel.find"
# Audit event to the module whose AUDIT handles it. The hook looks at no other event.
SENSORS = {
    "ctypes.dlopen": "sensors.ctypes",
    "ctypes.dlsym": "sensors.ctypes",
    "exec": "sensors.builtins",
    "gc.get_objects": "sensors.gc",
    "gc.get_referents": "sensors.gc",
    "gc.get_referrers": "sensors.gc",
    "marshal.loads": "sensors.marshal",
    "object.__setattr__": "sensors.builtins",
    "pickle.find_class": "sensors.pickle",
    "import": "sensors.importlib",
    FIND: "sensors.importlib",
    "open": "sensors.io",
    "builtins.id": "doors",
    "os.chdir": "sensors.io",
    "os.exec": "sensors.os",
    "os.posix_spawn": "sensors.os",
    "os.remove": "sensors.os",
    "os.rename": "sensors.os",
    "os.spawn": "sensors.os",
    "os.startfile": "sensors.os",
    "os.system": "sensors.os",
    "os.truncate": "sensors.os",
    "pty.spawn": "sensors.os",
    "socket.bind": "sensors.socket",
    "socket.connect": "sensors.socket",
    "socket.getaddrinfo": "sensors.socket",
    "socket.gethostbyaddr": "sensors.socket",
    "socket.gethostbyname": "sensors.socket",
    "socket.sendto": "sensors.socket",
    "subprocess.Popen": "sensors.subprocess",
    "sys.addaudithook": "onlooker",
}
# Longest text of one attribute, in characters.
LIMIT = 512
# Life of the probe, in seconds, below which a run says nothing of its memory.
BRIEF_S = 0.02
# The same, below which the source of a `-c` or of standard input is not hashed.
LONG_S = 0.1
# Processor time of a forked child, in seconds, below which it leaves no file if it did nothing observable; see `child`.
IDLE_S = 0.05

# The key "" says that this process has begun: a fork clears this, natively, and the child begins with what it first does. The less memory a child
# writes to, the less a fork costs.
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
# Not blocking, and no link: should somebody put a pipe or a link in the place of our file, there is no record, and nobody waits.
_FLAGS = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOINHERIT", 0)
_FLAGS |= getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0)
_real_import = __import__
_external = sys.modules["_frozen_importlib_external"]  # a script may clear sys.modules
_isinstance, _nothing = isinstance, len  # type: Any, Any  # the guard must hold even for a script that replaces these
# Frames between an event and `_first`, the latter included; see `_hook_on_old`.
_OWN_FRAMES = 2 if sys.version_info >= (3, 9, 2) else 3
_Module = type(sys)
_Method = type(os.environ.get)  # of bound methods
_builtins = {}  # type: Dict[str, Any]
_home = ""

# What changes at a fork; and our finder. A module because that is the cheapest thing with attributes.
STATE = _Module("sentinel_probe")  # type: Any
STATE.parent_id = None
STATE.started = 0  # unix ns of the fork; 0: of the hello
STATE.since = monotonic()
STATE.written = 0.0  # monotonic time of the last write
STATE.size = 0  # bytes in the file
STATE.ids = 0  # calls of id()
STATE.counting = STATE.since  # monotonic time since when they are counted
STATE.is_id_bound = False
STATE.dropped = 0  # activities that could not be kept
STATE.ended = False
STATE.lines = []  # records waiting to be written
# Our second finder: finds nothing, but what `patching` lets it. There from the start, because newer interpreters go through a copy of sys.meta_path.
RELAY = _Module("sentinel_probe")  # type: Any


# Gives the probe's module of that dotted name, loading it once, unseen by the script.
def load(name):
    # type: (str) -> ModuleType
    module = LOADED.get(name)
    if module is None:
        if not _builtins:
            scope = globals()["__builtins__"]  # not sys.modules["builtins"]: a script may have cleared that
            _builtins.update(scope if type(scope) is dict else scope.__dict__)
            _builtins["__import__"] = _import
            LOADED["boot"] = module = _Module("sentinel_probe.boot")
            module.__dict__.update(globals())
        full = "sentinel_probe." + name
        is_sensor = name[:8] == "sensors."
        path = _home + "/" + name.replace(".", "/") + ("/__init__.py" if is_sensor else ".py")
        code = _external.SourceFileLoader(full, path).get_code(full)
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


# Stands in for a handler until its sensor is loaded. What `site` itself looks for, and the interpreter's own reading of sources, load
# none. The hello is written here: when the script is opened or at the first event, so that a one-liner without any writes once, at its end.
def _first(event, args):
    # type: (str, Tuple[Any, ...]) -> None
    me = get_ident()
    if event == "object.__setattr__" and args[1] != "__code__":
        return
    if event == "builtins.id":  # in the child of a fork
        HANDLERS[event] = _count
        return
    if event == "exec" or event == "marshal.loads":  # imports bring these; a sensor is for what the script's own code runs
        try:
            frame = sys._getframe(_OWN_FRAMES)  # type: Any
            if frame.f_code.co_filename[:7] == "<frozen":
                frame = frame.f_back.f_back
            file = frame.f_code.co_filename
        except (AttributeError, ValueError):
            return
        if file[:7] == "<frozen" or file.startswith(STDLIB) or file.startswith(_home):
            return
    path = args[0] if args and event != "marshal.loads" else None
    if OWNER.get(0) == me or path == "usercustomize":
        return
    if (event == "import" or event == FIND) and path in getattr(sys, "stdlib_module_names", ()):
        try:
            frame = sys._getframe(_OWN_FRAMES)
            while frame.f_code.co_filename[:18] == "<frozen importlib.":
                frame = frame.f_back
        except (AttributeError, ValueError):  # the interpreter itself wants it, as `linecache` for -c from 3.13 on
            return
    is_script = False
    if event == "open" and type(path) is str:
        if path[-4:] == ".pyc":
            return
        if path[-3:] == ".py":
            try:
                if sys._getframe(_OWN_FRAMES).f_code.co_filename[:7] == "<frozen":
                    return
            except ValueError:  # no Python code runs yet: this is the script itself
                is_script = True
    owner = me
    try:
        if HANDLERS.get("") is not _nothing:  # a child that has not begun: one of its threads does that, any other waits
            until = monotonic() + 0.25
            if HANDLERS.setdefault("", me) == me:  # type: ignore
                OWNER.clear()  # of a thread that is not in this process
            else:
                while HANDLERS.get("") is not _nothing and monotonic() < until:
                    sleep(0.0005)
        owner = OWNER.setdefault(0, me)
        # Bytes that pass before their sensor stands are lost for good, and a policy must be asked before the act.
        if owner != me and not is_script and (event[:7] == "socket." or has_policy()):
            owner = wait(me)
        if owner == me:
            if HANDLERS.get("") is not _nothing:
                load("child").begin()
            elif STATE.hello and STATE.parent_id is None:
                append([])
                STATE.written = 0.0
            if not is_script:
                HANDLERS.update(load(SENSORS[event]).AUDIT)
        elif not is_script and len(LATER) < 10_000:
            LATER.append((_first, (event, args)))
        else:
            STATE.dropped += not is_script
    finally:
        if owner == me:
            OWNER.pop(0, None)
    if owner == me and not is_script:
        HANDLERS[event](args)


# Where policies stand: beside the spool folder, where only the agent, or `sentinel run` for one run, writes. A folder held for `sentinel run`
# lies inside the agent's.
def policy_path():
    # type: () -> str
    folder, _, name = STATE.spool.replace("\\", "/").rpartition("/")
    if name[:5] == "held-":
        folder = folder.rpartition("/")[0]
    return str(folder) + "/policy"


# Whether policies are to be asked before an act.
def has_policy():
    # type: () -> bool
    try:
        os.stat(policy_path())
    except OSError:
        return False
    return True


# Waits at most a quarter second for another thread to come out of the probe, and gives who is inside then: what it is inside for may stop this one's act.
def wait(me):
    # type: (int) -> int
    until = monotonic() + 0.25
    owner = 0
    while owner != me and monotonic() < until:
        sleep(0.0005)
        owner = OWNER.setdefault(0, me)
    return owner


# Attribute fields of a record, each preceded by a tab, cut to the limit and escaped; attributes without a value are left out.
def attributes(pairs):
    # type: (Iterable[Tuple[str, object]]) -> str
    try:
        flat = sum(pairs, ())  # type: Any
        text = "".join(flat)
        if flat and len(text) <= LIMIT and text.isprintable() and "\\" not in text and "" not in flat:
            return "\t" + "\t".join(flat)
    except TypeError:  # not all of them text
        pass
    fields = ""
    for name, value in pairs:
        if value is not None and value != "":
            text = value if type(value) is str else str(value)
            if len(text) > LIMIT:
                text = text[: LIMIT - 1] + "…"
            if "\\" in text or not text.isprintable():
                text = text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
            fields += "\t" + name + "\t" + text
    return fields


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
    except BaseException as error:
        if isinstance(error, OSError) or "onlooker" in LOADED and not isinstance(error, KeyboardInterrupt):
            return False  # not possible, or another audit hook forbids it
        raise
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


# Gives the run its id and its hello; `identity` is what a fork shares with its parent, as attribute fields.
def begin(kind, identity):
    # type: (str, str) -> None
    noise = os.urandom(10)
    digits = "%012x%016x" % (time_ns() // 1_000_000, int.from_bytes(noise[:8], "big") & 0x0FFF3FFFFFFFFFFF | 0x7000800000000000)
    STATE.run_id = run_id = "%s-%s-%s-%s-%s%s" % (digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:], noise[8:].hex())
    STATE.path = STATE.spool + "/" + run_id + ".probe"
    STATE.identity = identity
    STATE.hello = (
        "H\t1\t%d\tsentinel.run.id\t%s\tsentinel.run.start_kind\t%s\tprocess.pid\t%d\tprocess.parent_pid\t%d"
        % (STATE.started or time_ns(), run_id, kind, _getpid(), os.getppid())
        + ("\tsentinel.run.parent_id\t" + STATE.parent_id if STATE.parent_id else "")
        + identity
    )


# Starts the probe in this interpreter; without a spool folder it does nothing.
def start(home, spool):
    # type: (str, Optional[str]) -> None
    global _home
    spool = os.environ.get("SENTINEL_SPOOL") or spool
    if not spool:
        return
    _home = home
    STATE.spool = spool if spool[:1] == "/" else os.path.abspath(spool)
    try:
        folder = os.getcwd()  # type: Optional[str]
    except OSError:
        folder = None
    argv = getattr(sys, "argv", None) or [""]
    STATE.argument = argv[0]
    kind = "command"
    path = name = shape = None  # type: Optional[str]
    if argv[0] != "-c" or len(argv) > 1:
        kind, path, name, shape = load("script").identify(argv)
    begin(
        "start",
        "\tprocess.runtime.name\tcpython\tsentinel.probe.guard_mode\taudit\tsentinel.probe.version\t%s\tprocess.args_count\t%d\tsentinel.script.kind\t%s"
        % (VERSION, len(argv) - 1, kind)
        + attributes(
            (
                ("process.executable.path", sys.executable),
                ("process.runtime.version", sys.version.partition(" ")[0]),
                ("process.working_directory", folder),
                ("process.user.id", os.getuid()) if hasattr(os, "getuid") else ("process.user.name", os.environ.get("USERNAME")),
                ("sentinel.process.argument_shape", shape),
                ("sentinel.script.path", path),
                ("sentinel.script.module", name),
                ("sentinel.interpreter.prefix", sys.prefix),
                ("sentinel.interpreter.base_prefix", sys.base_prefix),
            )
        ),
    )
    try:  # see `doors`
        mode = path and os.stat(STATE.spool + ".doors/" + path.replace(os.sep, "%")[-200:])  # type: Any
        if mode:
            STATE.identity = STATE.identity.replace("guard_mode\taudit", "guard_mode\tdoors", 1)
            STATE.hello = STATE.hello.replace("guard_mode\taudit", "guard_mode\tdoors", 1)
    except OSError:
        mode = None
    try:  # see `quarantine`
        if path and os.stat(policy_path()[:-6] + "quarantined"):
            load("quarantine").look(path)
    except OSError:
        pass
    exits = sys.modules.get("atexit")  # type: Any
    if exits is None:
        try:  # importing a built-in module the usual way costs three times as much
            frozen = sys.modules["_frozen_importlib"]  # type: Any
            exits = frozen._load(frozen.ModuleSpec("atexit", frozen.BuiltinImporter, origin="built-in"))
        except Exception:
            import atexit as exits
    STATE.exits = exits  # up to 3.9 the interpreter crashes at its end if nobody holds this module: a script may clear sys.modules
    exits.register(finish)
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=HANDLERS.clear)
    HANDLERS[""] = _nothing
    _exit.__module__ = os.name
    os._exit = sys.modules[_exit.__module__]._exit = _exit  # type: ignore[attr-defined]
    STATE.find_spec = _Method(sys.audit, FIND)  # type: ignore
    RELAY.find_spec = _Method(sys.audit, "sentinel.relay")  # type: ignore  # an event nobody handles
    sys.meta_path[:0] = (STATE, RELAY)
    if mode:
        load("doors").start()
    else:
        HANDLERS["builtins.id"] = _count
        sys.addaudithook(_hook if _OWN_FRAMES == 2 else _hook_on_old)
    # What is not needed again goes, so that the start does not bring the script's next garbage collection nearer.
    del globals()["start"]


# Handler of `builtins.id`, which any audit hook makes dear.
def _count(args):
    # type: (Tuple[Any, ...]) -> None
    STATE.ids += 1
    if STATE.ids % 50_000 == 0:
        load("doors").judge()


# The one audit hook, and the guard around every handler; see `errors`, which may itself not load where the probe's folder is damaged.
def _hook(event, args):
    # type: (str, Tuple[Any, ...]) -> None
    if event in SENSORS:
        handler = None
        try:
            handler = HANDLERS.get(event)
            if handler is None:
                _first(event, args)
            else:
                handler(args)
        except RecursionError:  # no stack left for us; not even for a call
            pass
        except BaseException as error:
            blocking = LOADED.get("blocking")
            if blocking is not None and _isinstance(error, blocking.SentinelBlocked):
                error.__traceback__ = None
                raise  # the handler stays in its place: other threads come by here meanwhile
            HANDLERS[event] = _nothing  # does nothing; before anything that could raise the same event again
            try:
                foreign = load("errors").survive(event, error)
            except Exception:
                foreign = not _isinstance(error, Exception)
            if foreign is not False or _isinstance(error, MemoryError):
                if handler is None:
                    HANDLERS.pop(event, None)  # another thread may have been here
                else:
                    HANDLERS[event] = handler
            if foreign:
                raise


# Up to 3.9.1 an interpreter that met its recursion limit once lets the stack grow by another 50 calls and then aborts, so we must never be the
# ones who meet it: close to the limit nothing is observed. Source: bpo-42500.
def _hook_on_old(event, args):
    # type: (str, Tuple[Any, ...]) -> None
    if event in SENSORS:
        try:
            sys._getframe(sys.getrecursionlimit() - 60)
        except ValueError:  # the stack is not that deep
            _hook(event, args)
        except RecursionError:  # there is no room for any hook: the script would have met the limit a call or two later
            raise
        except Exception:  # of a signal handler's; or another audit hook does not let us look
            if "onlooker" not in LOADED:
                raise


# Writes what is still to be written, then the end record. Never raises for a fault of ours. At the end of a run nobody waits: a
# thread that is busy inside the probe is overtaken.
def finish(route=None, code=None):
    # type: (Optional[str], Optional[int]) -> None
    if HANDLERS.get("") is not _nothing:
        if process_time() < IDLE_S:
            return
        load("child").begin()
    if route is None:  # at the end of the interpreter
        route = "finished"
        kind = getattr(sys, "last_type", None)
        try:
            trace = getattr(sys, "last_traceback", None)
            if kind is not None and (trace is None or trace.tb_frame.f_back is None):
                route = "exception"  # not one that some console showed and that ended nothing
                code = None if issubclass(kind, KeyboardInterrupt) else 1
        except Exception:  # the script can put anything there, and another audit hook can forbid to look
            pass
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
        if "errors" in LOADED or STATE.dropped or STATE.is_id_bound:
            lines += load("errors").health()
        main = sys.modules.get("__main__")
        used = os.times()
        # Largest resident memory in bytes, where it can be had without importing anything. Asking /proc costs a process 0.1 ms (its entry
        # there must be made, and torn down at its end), so a run that is over at once is not asked.
        peak = None  # type: Optional[int]
        if monotonic() - STATE.since > BRIEF_S:
            try:
                descriptor = _open("/proc/self/status", 0)
            except OSError:
                usage = sys.modules.get("resource")  # type: Any
                if usage is not None:
                    peak = usage.getrusage(0).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
            else:
                try:
                    peak = int(os.read(descriptor, 4096).partition(b"VmHWM:")[2].split(None, 1)[0]) * 1024
                finally:
                    _close(descriptor)
        ended = "E\t%d\tsentinel.run.exit_route\t%s\tsentinel.run.cpu_user_ms\t%.1f\tsentinel.run.cpu_system_ms\t%.1f" % (
            time_ns(),
            route,
            used[0] * 1000,
            used[1] * 1000,
        )
        if code is not None:
            ended += "\tsentinel.run.exit_code\t%d" % code
        if peak is not None:
            ended += "\tsentinel.run.peak_memory_bytes\t%d" % peak
        lived = monotonic() - STATE.since
        if "script" in LOADED or lived > LONG_S:
            ended += attributes(load("script").learn(main, lived > LONG_S))
        lines.append(ended)
        if append(lines):
            STATE.lines = []
    except Exception:
        pass
    finally:
        OWNER.pop(0, None)
    if route == "finished" and "core" not in LOADED:
        _let_go()
    elif route in ("finished", "exception") and not getattr(sys, "_is_gil_enabled", lambda: True)():
        # Free-threaded: daemon threads are stopped for good wherever they are, with the locks of the dictionaries they are writing to.
        SENSORS.clear()


# At the end of a run without activities: nothing of ours keeps a module of the interpreter alive while it is torn down, which would cost
# as much as the whole end record. What a destructor does from here on is not seen.
def _let_go():
    # type: () -> None
    SENSORS.clear()
    os._exit = _leave
    system = sys.modules.get(os.name)  # type: Any
    if system is not None:  # the script may have cleared sys.modules
        system._exit = _leave
    LOADED.clear()
    scope = globals()
    for name in ("os", "sys", "_open", "_write", "_close", "_getpid", "_real_import", "_external", "append", "begin", "_first"):
        scope.pop(name, None)


def _exit(status):
    # type: (int) -> Any
    """Exit to the system with specified status, without normal exit processing."""
    if type(status) is int and SENSORS and ("" in HANDLERS or process_time() > IDLE_S):  # else the run is over, and somebody kept this function
        finish("os._exit", status & 0xFF)
    _leave(status)

