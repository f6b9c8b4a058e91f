"""Which packages an installer is told to install: names and version specifiers from its arguments.

Knows pip, uv, pipx, poetry, pdm, conda, mamba and easy_install, also as `python -m pip`. Of a URL, a path or a requirements file only the kind
is kept: they may hold credentials.
Source: PEP 508, https://pip.pypa.io/en/stable/cli/pip_install/
"""

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import List, Optional, Sequence

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
_SIGNS = "-_.[],<>=!~*+"


def requested(arguments: "Sequence[object]") -> "Optional[str]":
    """Packages that the arguments (the program first) ask an installer for, comma-separated; None where it is no installer or asks for none.

    Example: `["pip", "install", "requests>=2", "-r", "x.txt"]` gives `requests>=2,(requirements)`.
    """
    words = [os.fsdecode(each) if isinstance(each, (str, bytes, os.PathLike)) else str(each) for each in arguments[:200]]
    at = _after_installer(words)
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


def _after_installer(words: "List[str]") -> "Optional[int]":
    """Place behind the installer's verb."""
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
            return None
        if "" in verbs:
            return at + 1
        for further in range(at + 1, min(len(words), at + 8)):
            if words[further] in verbs:
                if name == "uv" and words[further] == "run":
                    return None
                return further + 1
        return None
    return None


def _shown(word: str) -> str:
    if "://" in word or word.startswith("git+"):
        return "(url)"
    if word[:1] in (".", "/", "~") or "/" in word or "\\" in word or word.endswith((".whl", ".tar.gz", ".zip")):
        return "(path)"
    name = word.partition(" ")[0].partition("@")[0]
    return name[:80] if name and all([letter.isalnum() or letter in _SIGNS for letter in name]) else "(other)"
