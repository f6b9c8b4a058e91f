"""Which packages an installer is told to install: names and version specifiers from its arguments.

Knows pip, uv, pipx, poetry, pdm, conda, mamba and easy_install, also as `python -m pip`. Of a URL, a path or a requirements file only the kind
is kept: they may hold credentials.
Source: PEP 508, https://pip.pypa.io/en/stable/cli/pip_install/
"""

import os

from . import boot

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, List, Optional, Sequence, Tuple

    Release = Tuple[str, str]

#: Installer to the words before its packages; an empty word stands for none.
INSTALLERS = {
    "conda": ("install", "create"),
    "easy_install": ("",),
    "mamba": ("install", "create"),
    "micromamba": ("install", "create"),
    "pdm": ("add",),
    "pip": ("install", "download", "wheel"),
    "pipx": ("install", "run"),
    "poetry": ("add",),
    "uv": ("install", "add", "run"),
    "uvx": ("",),
}
#: Options whose next word is a value, not a package.
WITH_VALUE = frozenset(
    [
        *("-r", "--requirement", "-c", "--constraint", "-i", "--index-url", "--extra-index-url", "-f", "--find-links"),
        *("-t", "--target", "--root", "--prefix"),
        *("--platform", "--python-version", "--python", "-p", "--proxy", "--cert", "--trusted-host"),
        *("--cache-dir", "-d", "--dest", "-n", "--name", "--channel"),
        *("--group", "-G", "--source", "--index", "--timeout", "--retries", "--log", "--only-binary", "--no-binary", "-w", "--wheel-dir", "--src"),
    ]
)
MOST_NAMES = 40
MOST_RELEASES = 500
MOST_TEXT = 4_000_000
_SIGNS = "-_.[],<>=!~*+"


def requested(arguments: "Sequence[object]") -> "Optional[str]":
    """Packages that the arguments (the program first) ask an installer for, comma-separated; None where it is no installer or asks for none.

    Example: `["pip", "install", "requests>=2", "-r", "x.txt"]` gives `requests>=2,(requirements)`.
    """
    words = _words(arguments)
    at = _after_installer(words)[1]
    if at is None:
        return None
    names: "List[str]" = []
    while at < len(words) and len(names) < MOST_NAMES:
        word = words[at]
        at += 1
        if word[:1] in ("&", ";", "|", ">", "<") or word[:2] in ("1>", "2>"):  # the shell's own
            break
        if word[:1] == "-":
            if word in ("-r", "--requirement") or word.startswith(("--requirement=", "-r")):
                names.append("(requirements)")
            elif word in ("-e", "--editable"):
                names.append("(path)")
                at += 1
            if word in WITH_VALUE:
                at += 1
            continue
        names.append(_shown(word.strip("\"'")))
    return ",".join(sorted(set(names), key=names.index)) or None


def releases(arguments: "Sequence[object]", folder: "Optional[str]") -> "Tuple[str, List[Release], List[Release]]":
    """What an installer that says nothing itself (all but pip) is asked for: its name, what its arguments and the requirements files they name
    ask for, and what its lock file there pins. Releases are normalised name and version, which is empty unless pinned.

    Example: `["uv", "pip", "install", "requests==2.32.5", "rich"]` gives `("uv", [("requests", "2.32.5"), ("rich", "")], [])`.
    """
    words = _words(arguments)
    name, at = _after_installer(words)
    asked: "List[Release]" = []
    if name in ("", "pip", "pipx", "easy_install"):
        return "", [], []
    place = folder or os.getcwd()
    if name == "uv" and at is None:
        return name, [], _locked(os.path.join(place, "uv.lock")) if "sync" in words or "run" in words else []
    while at is not None and at < len(words) and len(asked) < MOST_RELEASES:
        word = words[at]
        at += 1
        if word[:1] in ("&", ";", "|", ">", "<") or word[:2] in ("1>", "2>"):
            break
        if word[:1] == "-":
            file = ""
            if word in ("-r", "--requirement", "--requirements") and at < len(words):
                file = words[at]
            elif word.startswith(("--requirement=", "--requirements=")):
                file = word.partition("=")[2]
            elif word[:2] == "-r":
                file = word[2:]
            if file:
                asked += _required(os.path.join(place, file.strip("\"'")))
            if word in WITH_VALUE:
                at += 1
            continue
        _add(word.strip("\"'"), asked)
    return "uv" if name == "uvx" else name, asked, []


def _distributions() -> "Any":
    """Loaded only for an installer that says nothing itself."""
    return boot.load("distributions")


def _words(arguments: "Sequence[object]") -> "List[str]":
    return [os.fsdecode(each) if isinstance(each, (str, bytes, os.PathLike)) else str(each) for each in arguments[:200]]


def _add(requirement: str, releases: "List[Release]") -> None:
    """Adds the release that a requirement asks for; a path or a URL adds none, but for the file name of a wheel or a source distribution."""
    if "://" in requirement or "/" in requirement or "\\" in requirement or requirement.endswith((".whl", ".tar.gz", ".zip")):
        found = _distributions().release_of_file(requirement.replace("\\", "/").rpartition("/")[2].partition("#")[0], None)
        if found is not None:
            releases.append(found)
        return
    text = requirement.partition(";")[0].partition("#")[0].strip()
    end = 0
    while end < len(text) and (text[end].isalnum() or text[end] in "-_."):
        end += 1
    rest = text[end:].strip()
    if rest[:1] == "[":
        rest = rest.partition("]")[2].strip()
    version = rest.lstrip("=").strip() if rest[:2] == "==" and not set(",*<>!~") & set(rest) else ""
    if end:
        releases.append((_distributions().normalised(text[:end]), version.split(" ")[0]))


def _required(path: str) -> "List[Release]":
    """Releases that the lines of a requirements file name."""
    found: "List[Release]" = []
    for line in _distributions().read(path, MOST_TEXT).split("\n"):
        if line[:1] not in ("#", "-", " ", "\t", ""):
            _add(line.partition(" --")[0].rstrip(" \\\r"), found)
    return found[:MOST_RELEASES]


def _locked(path: str) -> "List[Release]":
    """Releases in a uv.lock."""
    found: "List[Release]" = []
    name = ""
    for line in _distributions().read(path, MOST_TEXT).split("\n"):
        key, _, value = line.partition(" = ")
        if line == "[[package]]":
            name = ""
        elif key == "name" and not name:
            name = value.strip('"\r')
        elif key == "version" and name:
            found.append((_distributions().normalised(name), value.strip('"\r')))
    return found


def _after_installer(words: "List[str]") -> "Tuple[str, Optional[int]]":
    """The installer, empty where there is none, and the place behind its verb."""
    for at, word in enumerate(words[:20]):
        name = word.replace("\\", "/").rpartition("/")[2].lower()
        if name.endswith(".exe"):
            name = name[:-4]
        if name[:3] == "pip" and name[3:].replace(".", "").isdigit():
            name = "pip"
        verbs = INSTALLERS.get(name)
        if verbs is None:
            continue
        if at and not (words[at - 1] == "-m" or at < 4 or words[at - 1] in ("&&", ";", "||", "sudo")):
            return "", None
        if "" in verbs:
            return name, at + 1
        for further in range(at + 1, min(len(words), at + 8)):
            if words[further] in verbs:
                if name == "uv" and words[further] == "run":
                    return name, None
                return name, further + 1
        return name, None
    return "", None


def _shown(word: str) -> str:
    if "://" in word or word.startswith("git+"):
        return "(url)"
    if word[:1] in (".", "/", "~") or "/" in word or "\\" in word or word.endswith((".whl", ".tar.gz", ".zip")):
        return "(path)"
    name = word.partition(" ")[0].partition("@")[0]
    return name[:80] if name and all([letter.isalnum() or letter in _SIGNS for letter in name]) else "(other)"
