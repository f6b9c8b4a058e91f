"""Documents and tables that a library reads or writes: who, which file, how many rows. Shared by the sensors of those libraries.

A call beneath another one that is watched says nothing: pandas reports what openpyxl, xlrd or pyarrow do for it. Values, headings and
sheet names are never looked at; rows and columns come from what the library already knows, in constant time.

A file that native code opened (Rust, C++) raises no audit event; its `file.open` is counted here, so that it does not go missing.
"""

import os

from . import calls, core, sensor

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List, Optional, Set, Tuple

#: Name endings to formats, where the two differ.
FORMATS = {
    "arrow": "arrow",
    "feather": "arrow",
    "h5": "hdf5",
    "hdf": "hdf5",
    "ipc": "arrow",
    "jsonl": "ndjson",
    "pkl": "pickle",
    "pq": "parquet",
    "sas7bdat": "sas",
    "sav": "spss",
    "tab": "csv",
    "tsv": "csv",
    "txt": "csv",
    "xlsm": "xlsx",
    "xltx": "xlsx",
}
PLAIN = frozenset(["avro", "csv", "docx", "html", "json", "ndjson", "ods", "orc", "parquet", "pdf", "xls", "xlsb", "xlsx", "xml"])
PACKED = ("gz", "bz2", "xz", "zst", "zip")

#: Threads inside a watched call.
_inside: "Set[int]" = set()
#: Path and operation that a library above others has reported.
_reported: "Set[Tuple[str, str]]" = set()
_MOST_REPORTED = 5_000


def watch(owner: "Any", name: str, seen: "calls.Seen", undo: "List[Any]", package: "Optional[str]" = None, before: "Any" = None) -> None:
    """Has `seen` told of each successful call that is not beneath another one; see `calls.watch`."""
    calls.watch(owner, name, seen, undo, _inside, package, before)


def argument(args: "Tuple[Any, ...]", named: "Dict[str, Any]", at: int, *names: str) -> "Any":
    """Argument by place, else by the first of its names that was given; None where it was left out."""
    if len(args) > at:
        return args[at]
    return next((named[name] for name in names if name in named), None)


def path_of(target: object) -> "Optional[str]":
    """Absolute path that a path or an open file stands for, scheme and host of a URL; None for what is in memory."""
    for _ in range(3):  # files in files: pandas' handles, temporary files
        if isinstance(target, (str, bytes)) or hasattr(target, "__fspath__"):
            break
        target = getattr(target, "name", None)
    else:
        return None
    if not isinstance(target, (str, bytes)) and not hasattr(target, "__fspath__"):
        return None
    text = os.fsdecode(target)
    scheme, mark, rest = text.partition("://")
    if mark and scheme.isalnum() and len(scheme) > 1:
        if scheme.lower() != "file":
            return scheme + "://" + rest.partition("/")[0].partition("?")[0].rpartition("@")[2]
        text = rest
    if "\n" in text or len(text) > 4_000 or text[:1] in ("{", "[", "<"):  # the document itself
        return None
    return sensor.absolute(os.path.expanduser(text))


def format_of(path: "Optional[str]", otherwise: str) -> str:
    """Format by the name's ending."""
    if path is not None:
        stem, _, ending = path.lower().rpartition(".")
        if ending in PACKED:
            ending = stem.rpartition(".")[2]
        if ending in PLAIN or ending in FORMATS:
            return FORMATS.get(ending, ending)
    return otherwise


def used(
    library: str,
    operation: str,
    target: object,
    format_: str,
    rows: "Optional[int]" = None,
    columns: "Optional[int]" = None,
    sheets: "Optional[int]" = None,
    pages: "Optional[int]" = None,
    is_lower: bool = False,
    is_by_ending: bool = False,
) -> "core.Activity":
    """Counts a document; gives its record, for rows that come later. Only from inside `core.slow`.

    Args:
        operation: read or write.
        target: Path, open file, or buffer.
        is_lower: The library also works for others, which report the same document themselves.
        is_by_ending: The file's name says more of the format than the function.
    """
    path = path_of(target)
    if path is not None:
        if is_lower and (path, operation) in _reported:
            return core.IGNORED
        if not is_lower:
            if len(_reported) >= _MOST_REPORTED:
                _reported.clear()
            _reported.add((path, operation))
        if "://" not in path:
            _opened(path, operation)
    found = core.count(
        "document.use",
        (
            ("file.path", path),
            ("sentinel.document.format", format_of(path, format_) if is_by_ending else format_),
            ("sentinel.file.operation", operation),
            ("sentinel.library.name", library),
        ),
    )
    found.rows += rows or 0
    add(found, "sentinel.document.columns", columns)
    add(found, "sentinel.document.sheets", sheets)
    add(found, "sentinel.document.pages", pages)
    return found


def add(found: "core.Activity", name: str, value: "Optional[int]") -> None:
    """States a quantity of a document; the last word holds."""
    if value is not None and found is not core.IGNORED:
        found.changes = {**(found.changes or {}), name: value}


def _opened(path: str, operation: str) -> None:
    """Counts the opening of a file that no audit event told of."""
    if sensor.is_library_file(path):
        return
    known = [core.activity_of("file.open", (("file.path", path), ("sentinel.file.operation", each))) for each in _operations(operation)]
    if any(known):
        return
    try:
        size = os.stat(path).st_size
    except (OSError, ValueError):
        return
    found = core.count("file.open", (("file.path", path), ("sentinel.file.operation", operation)))
    found.changes = {**(found.changes or {}), "file.size": size}


def _operations(operation: str) -> "Tuple[str, ...]":
    return ("read",) if operation == "read" else ("write", "create", "append")


def _forget() -> None:
    _reported.clear()


core.FORGETTERS.append(_forget)
