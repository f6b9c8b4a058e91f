"""Workbooks that openpyxl reads and writes.

Watches: `openpyxl.load_workbook`, `Workbook.save`, and the end of a write-only sheet (its rows are known only there).
Emits: document.use with rows (of all sheets together), columns of the widest sheet, and sheets.
Leaves alone and why: cell values, headings and sheet names (never looked at); a workbook that pandas reads or writes through
openpyxl (reported there). A workbook opened read-only counts the rows that its sheets say they have, which files without a
dimension do not say; columns come from the first 10,000 cells of a sheet, those of write-only sheets are not known.
Versions: openpyxl 3.0 and up. Source: https://openpyxl.readthedocs.io/
"""

import sys
from itertools import islice

from ... import documents, patching

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, List, Optional, Tuple

VERSIONS = ">=3.0"
EMITS = ("document.use",)
PATCHES = ("openpyxl",)

UNDO: "List[Any]" = []
#: Cells that the number of columns is taken from.
_MOST_CELLS = 10_000
#: Rows of write-only sheets, by sheet.
_rows_written: "List[Any]" = []


def instrument(module: "Any") -> None:
    """Patches the two ways in and out of a file."""
    if UNDO:
        return
    documents.watch(module, "load_workbook", _loaded, UNDO, "openpyxl")
    patching.put(module, "open", module.load_workbook, UNDO)
    documents.watch(module.Workbook, "save", _saved, UNDO)
    sheets = sys.modules.get("openpyxl.worksheet._write_only")
    weakref = sys.modules.get("weakref")
    if sheets is not None and weakref is not None:
        _rows_written[:] = [weakref.WeakKeyDictionary()]
        documents.watch(sheets.WriteOnlyWorksheet, "close", _closed, UNDO, before=_closing)


def uninstrument() -> None:
    """Takes the patches back."""
    patching.restore(UNDO)


def _loaded(args: "Tuple[Any, ...]", named: "Any", book: "Any") -> None:
    rows, columns = _size(book)
    documents.used("openpyxl", "read", documents.argument(args, named, 0, "filename"), "xlsx", rows, columns, len(book.worksheets), is_lower=True)


def _saved(args: "Tuple[Any, ...]", named: "Any", result: object) -> None:
    book = args[0]
    rows, columns = _size(book)
    documents.used("openpyxl", "write", documents.argument(args, named, 1, "filename"), "xlsx", rows, columns, len(book.worksheets), is_lower=True)


def _size(book: "Any") -> "Tuple[int, Optional[int]]":
    rows, columns = 0, 0
    for sheet in book.worksheets:
        cells = getattr(sheet, "_cells", None)
        if _rows_written and sheet in _rows_written[0]:
            rows += _rows_written[0][sheet]
        elif cells is not None:
            rows += sheet._current_row
            columns = max(columns, max([place[1] for place in islice(cells, _MOST_CELLS)], default=0))
        else:
            rows += getattr(sheet, "_max_row", None) or 0
            columns = max(columns, getattr(sheet, "_max_column", None) or 0)
    return rows, columns or None


def _closing(args: "Tuple[Any, ...]") -> None:
    frame = getattr(args[0]._rows, "gi_frame", None)  # the generator that writes the rows
    if frame is not None:
        _rows_written[0][args[0]] = frame.f_locals.get("row_idx", 1) - 1


def _closed(args: "Tuple[Any, ...]", named: "Any", result: object) -> None:
    """The workbook's own save tells."""
