"""PDF documents that pypdf reads and writes.

Watches: `pypdf.PdfReader` and `pypdf.PdfWriter.write`.
Emits: document.use, with pages of what is written.
Leaves alone and why: text, fields, passwords (never looked at); pages of what is read (counting them would parse the file).
Versions: pypdf 3.0 and up. Source: https://pypdf.readthedocs.io/
"""

from ... import documents, patching

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, List, Tuple

VERSIONS = ">=3.0"
EMITS = ("document.use", "file.open")
PATCHES = ("pypdf",)

UNDO: "List[Any]" = []


def instrument(module: "Any") -> None:
    """Patches the two ways in and out of a file."""
    if UNDO:
        return
    documents.watch(module.PdfReader, "__init__", _opened, UNDO)
    documents.watch(module.PdfWriter, "write", _written, UNDO)



def uninstrument() -> None:
    """Takes the patches back."""
    patching.restore(UNDO)


def _opened(args: "Tuple[Any, ...]", named: "Any", result: object) -> None:
    documents.used("pypdf", "read", documents.argument(args, named, 1, "stream"), "pdf")


def _written(args: "Tuple[Any, ...]", named: "Any", result: object) -> None:
    documents.used("pypdf", "write", documents.argument(args, named, 1, "stream"), "pdf", pages=len(args[0].pages))
