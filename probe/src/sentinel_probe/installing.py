"""What is written where, so that every start of an interpreter starts the probe; and what is to be compiled.

Nothing here writes but `compile_all`: the agent does, from the steps that are printed, one by one and in their order, by

    <that interpreter> -I -S -B <home>/installing.py plan HOME [SPOOL]       JSON: {"interpreter": facts, "install": steps, "remove": steps}
    <that interpreter> -I -S -B <home>/installing.py compile FILE...          compiles files for this very interpreter, after they are written

A step is {"path", "text"}: the text that the file is to have; None: the file is to go. Two doors, each of which opens alone:

1. `sitecustomize.py` in the folder of the standard library of a base interpreter: reaches all its environments, with -I, -E, -s and an
   empty environment too. Where the distribution or the user already has one there, a marked block at its end imports our `_sentinel_boot`.
2. `zz_sentinel.pth` in site-packages, for the case that a `sitecustomize` on PYTHONPATH hides the first, and for environments whose
   base cannot be written. From 3.18 on (PEP 829), where lines of code in it no longer run, `zz_sentinel.start` says the same; before,
   it is not written, because there it would make every start import `pkgutil`, some 5 ms, to do what the line does.

Files are compiled with unchecked hashes, also for -O and -OO: nothing is compiled again for want of a time stamp, a writable folder or
PYTHONDONTWRITEBYTECODE. Therefore the probe's folder never changes: another version is another folder.
Source: PEP 552, PEP 829, https://docs.python.org/3/library/site.html
"""

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Dict, Iterable, List, Optional

    Step = Dict[str, Optional[str]]

FOLDER = os.path.dirname(os.path.abspath(__file__))
BOOT = "_sentinel_boot"
PTH = "zz_sentinel.pth"
START = "zz_sentinel.start"
#: First version that no longer runs the code in a `.pth`. Source: PEP 829.
START_FROM = (3, 18)
BEGIN = "# >>> sentinel >>> starts Sentinel's probe"
END = "# <<< sentinel <<<"

_ENTRY = """

def main():
    # Called by site for the .start file; the import has done everything.
    sys.modules.pop("_sentinel_boot", None)


if (
    sys.version_info >= (3, 8)
    and sys.implementation.name == "cpython"
    and not hasattr(sys, "_sentinel_probe")
    and (SPOOL or "SENTINEL_SPOOL" in os.environ)
):
    try:
        sys._sentinel_probe = None
        start(HOME, SPOOL)
    except Exception:
        pass
"""


def _read(*parts: str) -> str:
    with open(os.path.join(FOLDER, *parts), encoding="utf-8") as file:
        return file.read()


def _boot_code() -> str:
    return _read("boot.py").replace("\nVERSION = ", '\n__name__ = "sentinel_probe.boot"\n__package__ = "sentinel_probe"\nVERSION = ', 1)


def sitecustomize_text(home: str = FOLDER, spool: "Optional[str]" = None) -> str:
    """Gives the text of our own `sitecustomize.py`: the boot code, then the entry with the probe's folder and the spool folder filled in.

    `spool` is used where SENTINEL_SPOOL is not set; None leaves such programs alone.
    """
    entry = _read("_inject", "sitecustomize.py").replace("\nHOME = None", "\nHOME = " + repr(home)).replace("\nSPOOL = None", "\nSPOOL = " + repr(spool))
    return _boot_code() + "\n\n" + entry


def boot_text(home: str = FOLDER, spool: "Optional[str]" = None) -> str:
    """Gives the text of `_sentinel_boot.py`, which starts the probe when it is imported, unless it runs already."""
    return _boot_code() + "\n\nHOME = %r\nSPOOL = %r\n" % (home, spool) + _ENTRY


def pth_text(is_second: bool, version: "tuple[int, ...]" = sys.version_info[:2]) -> str:
    """Gives the text of `zz_sentinel.pth`, one line of code that prints nothing whatever happens.

    As the second door it opens only where something stands on `sys.path` before the standard library, as PYTHONPATH does: only that
    can hide our `sitecustomize`.
    """
    code = "try:\\n import _sentinel_boot\\n del sys.modules['_sentinel_boot']\\nexcept Exception: pass"
    return "import sys; %sexec(\"%s\")\n" % ("sys.path[0].endswith(('python%d%d.zip', 'python%d%dt.zip')) or " % (version[:2] * 2) if is_second else "", code)


def with_block(text: str) -> str:
    """Gives somebody else's `sitecustomize.py` with our block at its end, once."""
    code = ("    import _sentinel_boot", "    del _sentinel_boot, __import__('sys').modules['_sentinel_boot']")
    lines = (BEGIN, "try:", *code, "except Exception:", "    pass", END)
    text = without_block(text)
    return text + ("\n" if text and text[-1] != "\n" else "") + "\n".join(lines) + "\n"


def without_block(text: str) -> str:
    """Gives the text without our block; but for a line feed at its end the one that `with_block` was given."""
    before, mark, rest = text.partition(BEGIN)
    return before + rest.partition(END + "\n")[2] if mark else text


def is_ours(text: str) -> bool:
    """Whether a `sitecustomize.py` is one that we wrote."""
    return '\n__name__ = "sentinel_probe.boot"\n' in text


def steps_for_base(stdlib: str, tag: str, existing: "Optional[str]", home: str, spool: "Optional[str]") -> "List[Step]":
    """Steps of the first door. `existing`: text of the `sitecustomize.py` there; `tag`: sys.implementation.cache_tag."""
    if existing is None or is_ours(existing):
        return [*_uncompiled(stdlib, "sitecustomize", tag), _step(stdlib, "sitecustomize.py", sitecustomize_text(home, spool))]
    boot = [*_uncompiled(stdlib, BOOT, tag), _step(stdlib, BOOT + ".py", boot_text(home, spool))]
    return [*boot, {"path": os.path.realpath(os.path.join(stdlib, "sitecustomize.py")), "text": with_block(existing)}]


def steps_for_packages(folder: str, tag: str, version: "tuple[int, ...]", is_second: bool, home: str, spool: "Optional[str]") -> "List[Step]":
    """Steps of the second door in one site-packages folder; `is_second`: whether the first one is there too."""
    steps = [*_uncompiled(folder, BOOT, tag), _step(folder, BOOT + ".py", boot_text(home, spool)), _step(folder, PTH, pth_text(is_second, version))]
    return [*steps, _step(folder, START, BOOT + ":main\n")] if version >= START_FROM else steps


def steps_to_remove(stdlib: "Optional[str]", existing: "Optional[str]", folders: "Iterable[str]", tag: str) -> "List[Step]":
    """Steps that leave nothing of ours in an interpreter; the files that start something go first."""
    steps: "List[Step]" = [_step(folder, name, None) for folder in folders for name in (PTH, START)]
    if stdlib is not None and existing is not None:
        if is_ours(existing):
            steps += [_step(stdlib, "sitecustomize.py", None), *_uncompiled(stdlib, "sitecustomize", tag)]
        elif BEGIN in existing:
            target = os.path.realpath(os.path.join(stdlib, "sitecustomize.py"))
            steps.append({"path": target, "text": without_block(existing)})
    for folder in [*folders, *([stdlib] if stdlib is not None else [])]:
        steps += [_step(folder, BOOT + ".py", None), *_uncompiled(folder, BOOT, tag)]
    return steps


def _step(folder: str, name: str, text: "Optional[str]") -> "Step":
    return {"path": os.path.join(folder, name), "text": text}


def _uncompiled(folder: str, module: str, tag: str) -> "List[Step]":
    """A compiled file that is never checked has to go before its source changes."""
    return [_step(os.path.join(folder, "__pycache__"), "%s.%s%s.pyc" % (module, tag, level), None) for level in ("", ".opt-1", ".opt-2")]


def describe() -> "Dict[str, object]":
    """Facts of the interpreter that runs this: paths, version, and whether it is one to install into."""
    import site

    is_base = sys.prefix == sys.base_prefix and not os.path.exists(os.path.join(os.path.dirname(os.path.dirname(sys.executable)), "pyvenv.cfg"))
    folders = site.getsitepackages()
    if not is_base:  # without `site` an older interpreter takes its base for its prefix
        prefix = os.path.dirname(os.path.dirname(sys.executable))
        folders = site.getsitepackages([prefix])
        if os.name == "posix":  # Debian's `site`, not initialised, answers with its system's folders only
            flag = "t" if "t" in getattr(sys, "abiflags", "") else ""
            folders.insert(0, os.path.join(prefix, "lib", "python%d.%d%s" % (*sys.version_info[:2], flag), "site-packages"))
    stdlib = os.path.dirname(os.path.abspath(os.__file__))
    return {
        "executable": sys.executable,
        "implementation": sys.implementation.name,
        "version": list(sys.version_info[:3]),
        "cacheTag": sys.implementation.cache_tag,
        "isFreeThreaded": "t" in getattr(sys, "abiflags", ""),
        "isBase": is_base,
        "isSupported": sys.implementation.name == "cpython" and sys.version_info >= (3, 8),
        "stdlib": stdlib,
        "sitePackages": [folder for folder in dict.fromkeys(folders) if os.path.isdir(folder)],
        "canWriteStdlib": os.access(stdlib, os.W_OK),
    }


def plan(home: str, spool: "Optional[str]") -> "Dict[str, object]":
    """Steps for the interpreter that runs this, and the facts they come from."""
    facts = describe()
    stdlib, tag, version = str(facts["stdlib"]), str(facts["cacheTag"]), tuple(sys.version_info[:2])
    folders: "List[str]" = facts["sitePackages"]  # type: ignore[assignment]
    try:
        with open(os.path.join(stdlib, "sitecustomize.py"), encoding="utf-8") as file:
            existing: "Optional[str]" = file.read()
    except OSError:
        existing = None
    install: "List[Step]" = []
    if facts["isSupported"]:
        has_first = bool(facts["isBase"] and facts["canWriteStdlib"]) or (existing is not None and (is_ours(existing) or BEGIN in existing))
        if facts["isBase"] and facts["canWriteStdlib"]:
            install += steps_for_base(stdlib, tag, existing, home, spool)
        for folder in folders:
            install += steps_for_packages(folder, tag, version, has_first, home, spool)
    remove = steps_to_remove(stdlib if facts["isBase"] else None, existing, folders, tag)
    return {"interpreter": facts, "install": install, "remove": remove}


def sources() -> "List[str]":
    """Files of the probe that run in a script's interpreter."""
    own = ("__init__.py", "__main__.py", "installing.py")
    found = [(folder, name) for folder, _, names in os.walk(FOLDER) for name in sorted(names) if name.endswith(".py")]
    return [os.path.join(folder, name) for folder, name in found if not (folder == FOLDER and name in own)]


def compile_all(paths: "Iterable[str]") -> "List[str]":
    """Compiles sources for this interpreter, all three levels of optimisation; gives those that could not be."""
    import py_compile

    failed = []
    for path in paths:
        for level in (0, 1, 2):
            try:
                py_compile.compile(path, doraise=True, optimize=level, invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
            except (OSError, py_compile.PyCompileError):
                failed.append(path)
                break
    return failed


if __name__ == "__main__":
    import json

    if sys.argv[1:2] == ["plan"] and len(sys.argv) in (3, 4):
        print(json.dumps(plan(sys.argv[2], sys.argv[3] if len(sys.argv) == 4 else None)))
    elif sys.argv[1:2] == ["compile"]:
        sys.exit("\n".join(compile_all(sys.argv[2:] or sources())) or 0)
    else:
        sys.exit("usage: installing.py plan HOME [SPOOL] | compile [FILE]...")
