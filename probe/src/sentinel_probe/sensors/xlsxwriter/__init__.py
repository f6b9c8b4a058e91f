"""Workbooks that XlsxWriter writes.

Watches: `xlsxwriter.Workbook.close`.
Emits: document.use with the rows of all sheets, columns of the widest, and sheets.
Leaves alone and why: values and sheet names (never looked at); a workbook that pandas or polars writes through it (reported there).
Versions: XlsxWriter 1.4 and up. Source: https://xlsxwriter.readthedocs.io/
"""

from ... import documents, patching

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, List, Tuple

VERSIONS = ">=1.4"
EMITS = ("document.use", "file.open")
PATCHES = ("xlsxwriter",)

UNDO: "List[Any]" = []


def instrument(module: "Any") -> None:
    """Patches the moment at which the file is written."""
    if not UNDO:
        documents.watch(module.Workbook, "close", _closed, UNDO)



def uninstrument() -> None:
    """Takes the patches back."""
    patching.restore(UNDO)


def _closed(args: "Tuple[Any, ...]", named: "Any", result: object) -> None:
    book = args[0]
    sheets = book.worksheets()
    rows = sum([(sheet.dim_rowmax or 0) + 1 for sheet in sheets if sheet.dim_rowmax is not None])
    columns = max([(sheet.dim_colmax or 0) + 1 for sheet in sheets if sheet.dim_colmax is not None], default=None)
    documents.used("xlsxwriter", "write", book.filename, "xlsx", rows, columns, len(sheets), is_lower=True)
