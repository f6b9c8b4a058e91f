"""Binary workbooks that pyxlsb reads.

Watches: `pyxlsb.Workbook.get_sheet`: a sheet says its size when it is opened.
Emits: document.use for each sheet opened, with its rows and columns.
Leaves alone and why: values and sheet names (never looked at); a workbook that pandas reads through it (reported there).
Versions: pyxlsb 1.0 and up. Source: https://pypi.org/project/pyxlsb/
"""

from ... import documents, patching

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, List, Tuple

VERSIONS = ">=1.0"
EMITS = ("document.use", "file.open")
PATCHES = ("pyxlsb",)

UNDO: "List[Any]" = []


def instrument(module: "Any") -> None:
    """Patches the opening of sheets."""
    if not UNDO:
        documents.watch(module.Workbook, "get_sheet", _sheet, UNDO)



def uninstrument() -> None:
    """Takes the patches back."""
    patching.restore(UNDO)


def _sheet(args: "Tuple[Any, ...]", named: "Any", sheet: "Any") -> None:
    size = getattr(sheet, "dimension", None)
    # The archive is opened through a file object of its own, which knows the name.
    archive = getattr(args[0]._pkg, "_zf", None)
    target = getattr(archive, "filename", None)
    documents.used("pyxlsb", "read", target, "xlsb", getattr(size, "h", None), getattr(size, "w", None), len(args[0].sheets), is_lower=True)
