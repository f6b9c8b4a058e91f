"""Workbooks of the old Excel format that xlrd reads.

Watches: `xlrd.open_workbook`.
Emits: document.use with the rows of all sheets that are loaded, columns of the widest, and sheets.
Leaves alone and why: values and sheet names (never looked at); a workbook that pandas reads through xlrd (reported there); rows of sheets that
are loaded on demand (not read yet).
Versions: xlrd 1.2 and up. Source: https://xlrd.readthedocs.io/
"""

from ... import documents, patching

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, List, Tuple

VERSIONS = ">=1.2"
EMITS = ("document.use", "file.open")
PATCHES = ("xlrd",)

UNDO: "List[Any]" = []


def instrument(module: "Any") -> None:
    """Patches the one way into a file."""
    if not UNDO:
        documents.watch(module, "open_workbook", _opened, UNDO)



def uninstrument() -> None:
    """Takes the patches back."""
    patching.restore(UNDO)


def _opened(args: "Tuple[Any, ...]", named: "Any", book: "Any") -> None:
    sheets = [sheet for sheet in book._sheet_list if sheet is not None]
    columns = max([sheet.ncols for sheet in sheets], default=None)
    target = documents.argument(args, named, 0, "filename")
    documents.used("xlrd", "read", target, "xls", sum([sheet.nrows for sheet in sheets]), columns, book.nsheets, is_lower=True)
