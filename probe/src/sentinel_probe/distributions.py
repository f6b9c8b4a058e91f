"""Which installed distribution a module file belongs to, from the metadata beside it. Loaded only where a policy asks, before an import.

The file's own name is looked up in RECORD, so two distributions that bring a module of one name are told apart; a distribution without
RECORD is known by its top_level.txt. Nothing of the distribution is imported.
Source: https://packaging.python.org/specifications/recording-installed-packages/, PEP 503 (normalised names)
"""

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Dict, List, Optional, Tuple

    Release = Tuple[str, str]

MOST_RECORD_BYTES = 8_000_000
_METADATA_HEAD_BYTES = 16_384

#: Packages folder to its names when it was read, and its metadata folders: (normalised name as far as the folder's name says it, folder).
_folders: "Dict[str, Tuple[int, List[Tuple[str, str]]]]" = {}
#: Packages folder to path of a top-level file below it to its release, read at the first module that is not named like its distribution.
_owners: "Dict[str, Dict[str, Release]]" = {}


def normalised(name: str) -> str:
    """Name of a distribution as indexes compare it."""
    return "-".join([part for part in name.lower().replace("_", "-").replace(".", "-").split("-") if part])


def release_of(name: str, path: str) -> "Optional[Release]":
    """Normalised name and version of the distribution that brought a module; None where none is known. `path`: its file, or its folder."""
    root = _root(name, path)
    if root is None:
        return None
    relative = path[len(root) + 1 :].replace(os.sep, "/")
    try:
        stamp = os.stat(root).st_mtime_ns
        known = _folders.get(root)
        if known is None or known[0] != stamp:
            known = _folders[root] = (stamp, _metadata_folders(root))
            _owners.pop(root, None)
    except OSError:
        return None
    top = name.partition(".")[0]
    likely = (normalised(top), normalised(name))
    for own, folder in known[1]:
        if own in likely and _lists(folder, relative, top):
            return _release(folder)
    owners = _owners.get(root)
    if owners is None:
        owners = _owners[root] = _read_owners(known[1])
    return owners.get(relative) or owners.get(top)


def _root(name: str, path: str) -> "Optional[str]":
    """Folder that the module was installed into: the packages folder of its path, else the one that holds the module (`pip install --target`)."""
    for mark in ("site-packages", "dist-packages"):
        at = path.rfind(os.sep + mark + os.sep)
        if at >= 0:
            return path[: at + len(mark) + 1]
    top = name.partition(".")[0]
    folder = os.path.dirname(path)
    while os.path.basename(folder) in name.split(".") and folder != os.path.dirname(folder):
        is_top = os.path.basename(folder) == top
        folder = os.path.dirname(folder)
        if is_top:
            break
    return folder or None


def _metadata_folders(root: str) -> "List[Tuple[str, str]]":
    found = []
    for entry in os.listdir(root):
        if entry.endswith((".dist-info", ".egg-info")):
            found.append((normalised(entry.rpartition(".")[0].partition("-")[0]), os.path.join(root, entry)))
    return found


def read(path: str, most: int) -> str:
    """Beginning of a text file; empty where it cannot be read."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read(most)
    except OSError:
        return ""


def _lists(folder: str, relative: str, top: str) -> bool:
    record = read(os.path.join(folder, "RECORD"), MOST_RECORD_BYTES)
    if record:
        return record.startswith(relative + ",") or "\n" + relative + "," in record
    names = read(os.path.join(folder, "top_level.txt"), _METADATA_HEAD_BYTES).split()
    return top in names if names else True


def _read_owners(folders: "List[Tuple[str, str]]") -> "Dict[str, Release]":
    """Release by path of each package's or module's first file, and by top-level name where there is no RECORD."""
    owners: "Dict[str, Release]" = {}
    for _, folder in folders:
        paths = []
        for line in read(os.path.join(folder, "RECORD"), MOST_RECORD_BYTES).split("\n"):
            path = line.partition(",")[0]
            if path.endswith("/__init__.py") or (path.count("/") < 3 and path.endswith((".py", ".so", ".pyd"))):
                paths.append(path)
        if not paths:
            paths = read(os.path.join(folder, "top_level.txt"), _METADATA_HEAD_BYTES).split()
        release = _release(folder) if paths else None
        if release is not None:
            for path in paths:
                owners.setdefault(path, release)
    return owners


def _release(folder: str) -> "Optional[Release]":
    name = version = ""
    for file in (os.path.join(folder, "METADATA"), os.path.join(folder, "PKG-INFO"), folder):
        for line in read(file, _METADATA_HEAD_BYTES).split("\n"):
            key, _, value = line.partition(":")
            if not line.strip():
                break
            if key.lower() == "name":
                name = name or value.strip()
            elif key.lower() == "version":
                version = version or value.strip()
        if name and version:
            return normalised(name), version
    return None


def install_facts(installer: str, name: str, version: str, source: str, host: "Optional[str]" = None) -> "Tuple[Tuple[str, Optional[str]], ...]":
    """Attributes of a `package.install`."""
    return (
        ("sentinel.distribution.name", name),
        ("sentinel.distribution.version", version or None),
        ("sentinel.package.release", name + "==" + version if version else None),
        ("sentinel.package.installer", installer),
        ("sentinel.package.source", source),
        ("server.address", host),
    )


_ARCHIVES = (".tar.gz", ".zip", ".tar.bz2", ".tar.xz", ".tgz", ".tar")


def release_of_file(file: str, name: "Optional[str]") -> "Optional[Release]":
    """Normalised name and version that the file name of a wheel or of a source distribution says; None for any other."""
    if file.endswith(".whl"):
        parts = file[:-4].split("-")
        return (normalised(parts[0]), parts[1]) if len(parts) in (5, 6) else None
    for ending in _ARCHIVES:
        if file.endswith(ending):
            stem = file[: -len(ending)]
            at = stem.rfind("-")
            while name and at > 0 and normalised(stem[:at]) != normalised(name):  # versions such as 1.0-1
                at = stem.rfind("-", 0, at)
            return (normalised(stem[:at]), stem[at + 1 :]) if at > 0 and stem[at + 1 : at + 2].isdigit() else None
    return None
