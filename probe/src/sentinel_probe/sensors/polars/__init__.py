"""Tables that polars reads and writes, in native code.

Watches: the functions `polars.read_*` and `polars.scan_*` for files, and the methods `write_*` of frames and `sink_*` of lazy frames.
Emits: document.use with rows and columns, and file.open: what Rust opens raises no audit event.
Leaves alone and why: values and column names (never looked at); databases (the drivers tell); clipboard; rows of a lazy scan or sink (the frame that
is collected in the end is not the file's); a pattern of files is one document with the pattern as its path.
Versions: polars 1.0 and up. Source: https://docs.pola.rs/api/python/stable/reference/io.html
"""

from ... import documents, patching

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, List, Tuple

VERSIONS = ">=1.0"
EMITS = ("document.use", "file.open")
PATCHES = ("polars",)

UNDO: "List[Any]" = []


#: Function to its format; the first parameter is the document.
READERS = {
    "read_avro": "avro",
    "read_csv": "csv",
    "read_excel": "xlsx",
    "read_ipc": "arrow",
    "read_ipc_stream": "arrow",
    "read_json": "json",
    "read_ndjson": "ndjson",
    "read_ods": "ods",
    "read_parquet": "parquet",
    "scan_csv": "csv",
    "scan_ipc": "arrow",
    "scan_ndjson": "ndjson",
    "scan_parquet": "parquet",
}
WRITERS = {
    "write_avro": "avro",
    "write_csv": "csv",
    "write_excel": "xlsx",
    "write_ipc": "arrow",
    "write_ipc_stream": "arrow",
    "write_json": "json",
    "write_ndjson": "ndjson",
    "write_parquet": "parquet",
}
SINKS = {"sink_csv": "csv", "sink_ipc": "arrow", "sink_ndjson": "ndjson", "sink_parquet": "parquet"}


def instrument(module: "Any") -> None:
    """Patches readers and writers."""
    if UNDO:
        return
    for name, format_ in READERS.items():
        documents.watch(module, name, _read(format_), UNDO, "polars.")
    for name, format_ in WRITERS.items():
        documents.watch(module.DataFrame, name, _written(format_), UNDO)
    for name, format_ in SINKS.items():
        documents.watch(module.LazyFrame, name, _sunk(format_), UNDO)



def uninstrument() -> None:
    """Takes the patches back."""
    patching.restore(UNDO)


def _read(format_: str) -> "Any":
    def seen(args: "Tuple[Any, ...]", named: "Any", result: "Any") -> None:
        target = args[0] if args else next(iter(named.values()), None)
        tables = list(result.values()) if isinstance(result, dict) else [result]
        sizes = [table.shape for table in tables if hasattr(table, "shape")]
        columns = max([size[1] for size in sizes], default=None)
        for each in target if isinstance(target, list) else [target]:
            documents.used("polars", "read", each, format_, sum([size[0] for size in sizes]), columns, is_by_ending=format_ == "xlsx")
            sizes = []

    return seen


def _written(format_: str) -> "Any":
    def seen(args: "Tuple[Any, ...]", named: "Any", result: "Any") -> None:
        target = documents.argument(args, named, 1, "file", "workbook")
        if target is not None:
            rows, columns = args[0].shape
            documents.used("polars", "write", getattr(target, "filename", target), format_, rows, columns)

    return seen


def _sunk(format_: str) -> "Any":
    def seen(args: "Tuple[Any, ...]", named: "Any", result: "Any") -> None:
        documents.used("polars", "write", documents.argument(args, named, 1, "path"), format_)

    return seen
