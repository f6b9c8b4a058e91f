"""Word documents that python-docx reads and writes.

Watches: `docx.Document` and the document's `save`.
Emits: document.use; its rows are those of tables, its sheets how many tables there are.
Leaves alone and why: text, headings, properties (never looked at); the template that an empty document starts from.
Versions: python-docx 0.8.11 and up. Source: https://python-docx.readthedocs.io/
"""

import sys

from ... import documents, patching

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, List, Tuple

VERSIONS = ">=0.8.11"
EMITS = ("document.use", "file.open")
PATCHES = ("docx",)

UNDO: "List[Any]" = []


def instrument(module: "Any") -> None:
    """Patches the two ways in and out of a file."""
    if UNDO:
        return
    documents.watch(module, "Document", _opened, UNDO, "docx.")
    document = sys.modules.get("docx.document")
    if document is not None:
        documents.watch(document.Document, "save", _saved, UNDO)



def uninstrument() -> None:
    """Takes the patches back."""
    patching.restore(UNDO)


def _opened(args: "Tuple[Any, ...]", named: "Any", document: "Any") -> None:
    target = documents.argument(args, named, 0, "docx")
    if target is not None:
        documents.used("docx", "read", target, "docx")


def _saved(args: "Tuple[Any, ...]", named: "Any", result: object) -> None:
    documents.used("docx", "write", documents.argument(args, named, 1, "path_or_stream"), "docx")
