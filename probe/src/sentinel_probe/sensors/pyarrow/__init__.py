"""Tables that pyarrow reads and writes, in native code.

Watches: the functions of `pyarrow.parquet`, `pyarrow.csv`, `pyarrow.feather`, `pyarrow.orc`, `pyarrow.json` and `pyarrow.dataset` that take a file.
Emits: document.use with rows and columns, and file.open: what C++ opens raises no audit event.
Leaves alone and why: values and column names (never looked at); what pandas or polars do through pyarrow (reported there);
`pyarrow.fs`, `memory_map` and `OSFile` used directly (classes of C that cannot be told from theirs); rows of a data set (not read yet).
Versions: pyarrow 12 and up. Source: https://arrow.apache.org/docs/python/formats.html
"""

from ... import documents, patching

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, List, Tuple

VERSIONS = ">=12"
EMITS = ("document.use", "file.open")
PATCHES = ("pyarrow.csv", "pyarrow.dataset", "pyarrow.feather", "pyarrow.json", "pyarrow.orc", "pyarrow.parquet")

UNDO: "List[Any]" = []


#: Module to its format.
FORMATS = {"csv": "csv", "dataset": "parquet", "feather": "arrow", "json": "ndjson", "orc": "orc", "parquet": "parquet"}
READERS = ("read_table", "read_feather", "read_csv", "open_csv", "read_json", "open_json", "dataset")
WRITERS = ("write_table", "write_feather", "write_csv", "write_dataset")
#: Classes whose first parameter is the file, and their operation.
OBJECTS = {"ParquetFile": "read", "ORCFile": "read", "ParquetWriter": "write", "ORCWriter": "write"}


def instrument(module: "Any") -> None:
    """Patches the functions of one of the modules."""
    if patching.is_off(UNDO):
        return
    name = module.__name__
    format_ = FORMATS[name.rpartition(".")[2]]
    for each in READERS:
        documents.watch(module, each, _read(format_), UNDO, name)
    for each in WRITERS:
        documents.watch(module, each, _written(format_), UNDO, name)
    for each, operation in OBJECTS.items():
        kind = getattr(module, each, None)
        if kind is not None:
            documents.watch(kind, "__init__", _opened(format_, operation), UNDO)



def uninstrument() -> None:
    """Takes the patches back."""
    patching.restore(UNDO)


def _read(format_: str) -> "Any":
    def seen(args: "Tuple[Any, ...]", named: "Any", result: "Any") -> None:
        target = args[0] if args else next(iter(named.values()), None)
        shape = getattr(result, "shape", None) or (None, None)
        for each in target if isinstance(target, list) else [target]:
            documents.used("pyarrow", "read", each, format_, shape[0], shape[1], is_lower=True)
            shape = (None, shape[1])

    return seen


def _written(format_: str) -> "Any":
    def seen(args: "Tuple[Any, ...]", named: "Any", result: "Any") -> None:
        table = args[0] if args else next(iter(named.values()), None)
        target = documents.argument(args, named, 1, "where", "dest", "output_file", "base_dir")
        shape = getattr(table, "shape", None) or (None, None)
        documents.used("pyarrow", "write", target, format_, shape[0], shape[1], is_lower=True)

    return seen


def _opened(format_: str, operation: str) -> "Any":
    def seen(args: "Tuple[Any, ...]", named: "Any", result: "Any") -> None:
        target = documents.argument(args, named, 1, "source", "where")
        rows = getattr(getattr(args[0], "metadata", None), "num_rows", None) if operation == "read" else None
        documents.used("pyarrow", operation, target, format_, rows, is_lower=True)

    return seen
