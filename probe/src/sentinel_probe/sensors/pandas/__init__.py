"""Tables that pandas reads and writes.

Watches: the functions `pandas.read_*` for files, `TextFileReader.read` (chunks), `ExcelFile`, and the methods `to_*` of frames and series.
Emits: document.use with rows and columns; file.open for what pyarrow opens in native code.
Leaves alone and why: values, column names, index (never looked at); `read_sql` and `to_sql` (the drivers tell); `read_clipboard`;
what is returned as text instead of written. A file object without a name counts as a document without a path.
Versions: pandas 1.3 and up. Source: https://pandas.pydata.org/docs/reference/io.html
"""

import sys

from ... import core, documents, patching

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, List, Optional, Tuple

VERSIONS = ">=1.3"
EMITS = ("document.use", "file.open")
PATCHES = ("pandas",)

UNDO: "List[Any]" = []
#: Function to its format; their first parameter is the document.
READERS = {
    "read_csv": "csv",
    "read_excel": "xlsx",
    "read_feather": "arrow",
    "read_fwf": "csv",
    "read_hdf": "hdf5",
    "read_html": "html",
    "read_json": "json",
    "read_orc": "orc",
    "read_parquet": "parquet",
    "read_pickle": "pickle",
    "read_sas": "sas",
    "read_spss": "spss",
    "read_stata": "stata",
    "read_table": "csv",
    "read_xml": "xml",
}
WRITERS = {
    "to_csv": "csv",
    "to_excel": "xlsx",
    "to_feather": "arrow",
    "to_hdf": "hdf5",
    "to_html": "html",
    "to_json": "json",
    "to_orc": "orc",
    "to_parquet": "parquet",
    "to_pickle": "pickle",
    "to_stata": "stata",
    "to_xml": "xml",
}
_BY_ENDING = ("read_excel", "to_excel")

#: Record of each reader of chunks.
_chunks: "List[Any]" = []


def instrument(module: "Any") -> None:
    """Patches readers, writers and the two objects between them."""
    if UNDO:
        return
    for name, format_ in READERS.items():
        documents.watch(module, name, _read(format_, name in _BY_ENDING), UNDO, "pandas.")
    for name, format_ in WRITERS.items():
        for kind in (module.DataFrame, module.Series):
            # Most stand in a class that both share; pandas before 1.5 names the file `path` in some.
            if not any(owner is not kind and owner in kind.__mro__ and each == name for owner, each, _ in UNDO):
                documents.watch(kind, name, _written(format_, name in _BY_ENDING), UNDO)
    readers = sys.modules.get("pandas.io.parsers.readers")
    weakref = sys.modules.get("weakref")
    if readers is not None and weakref is not None:
        _chunks[:] = [weakref.WeakKeyDictionary()]
        documents.watch(readers.TextFileReader, "read", _chunk, UNDO)
    if hasattr(module, "ExcelFile"):
        documents.watch(module.ExcelFile, "__init__", _opened, UNDO)
        documents.watch(module.ExcelFile, "parse", _parsed, UNDO)
    for owner, name, _ in UNDO:
        patching.stay_inside(vars(owner)[name])


def uninstrument() -> None:
    """Takes the patches back."""
    patching.restore(UNDO)


def _size(result: "Any") -> "Tuple[int, Optional[int], Optional[int]]":
    """Rows, columns and number of the tables in a result."""
    tables = list(result.values()) if isinstance(result, dict) else list(result) if isinstance(result, list) else [result]
    rows, columns = 0, 0
    for table in tables:
        shape = getattr(table, "shape", None)
        if type(shape) is tuple and shape and type(shape[0]) is int:
            rows += shape[0]
            columns = max(columns, shape[1] if len(shape) > 1 else 1)
    return rows, columns or None, len(tables) if isinstance(result, (dict, list)) else None


def _read(format_: str, by_ending: bool) -> "Any":
    def seen(args: "Tuple[Any, ...]", named: "Any", result: "Any") -> None:
        target: "Any" = args[0] if args else next(iter(named.values()), None)
        if type(target).__name__ == "ExcelFile":
            target = target._io
        if _chunks and type(result).__name__ == "TextFileReader":
            _chunks[0][result] = documents.used("pandas", "read", target, format_)
            return
        rows, columns, sheets = _size(result)
        documents.used("pandas", "read", target, format_, rows, columns, sheets, is_by_ending=by_ending)

    return seen


def _written(format_: str, by_ending: bool) -> "Any":
    def seen(args: "Tuple[Any, ...]", named: "Any", result: "Any") -> None:
        if result is not None:  # as text
            return
        target = documents.argument(args, named, 1, "path_or_buf", "excel_writer", "path", "buf", "path_or_buffer")
        handles = getattr(target, "_handles", None)  # an ExcelWriter
        if handles is not None:
            target = getattr(handles, "handle", None)
        rows, columns, _ = _size(args[0])
        documents.used("pandas", "write", target, format_, rows, columns, is_by_ending=by_ending)

    return seen


def _chunk(args: "Tuple[Any, ...]", named: "Any", result: "Any") -> None:
    found: "Optional[core.Activity]" = _chunks[0].get(args[0])
    if found is not None:
        rows, columns, _ = _size(result)
        found.rows += rows
        documents.add(found, "sentinel.document.columns", columns)


def _opened(args: "Tuple[Any, ...]", named: "Any", result: "Any") -> None:
    """Opening a workbook is told with what is parsed; what reads it beneath stays silent."""


def _parsed(args: "Tuple[Any, ...]", named: "Any", result: "Any") -> None:
    rows, columns, sheets = _size(result)
    documents.used("pandas", "read", args[0]._io, "xlsx", rows, columns, sheets, is_by_ending=True)


def _forget() -> None:
    if _chunks:
        _chunks[0].clear()


core.FORGETTERS.append(_forget)
