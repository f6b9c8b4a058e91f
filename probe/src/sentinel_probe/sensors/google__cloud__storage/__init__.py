"""Google Cloud Storage.

Watches: the methods of `Blob` that move or delete an object, and `Client.list_blobs`.
Emits: storage.call, one for each operation and container, counted; the bytes are those of the connection.
Leaves alone and why: object names and contents (never looked at).
Versions: google-cloud-storage 2.0 and up. Source: https://cloud.google.com/python/docs/reference/storage/latest
"""

from ... import calls, core, patching

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, List, Set, Tuple

VERSIONS = ">=2.0"
EMITS = ("storage.call",)
PATCHES = ("google.cloud.storage",)

UNDO: "List[Any]" = []
_inside: "Set[int]" = set()
OPERATIONS = (
    *("upload_from_file", "upload_from_filename", "upload_from_string"),
    *("download_to_file", "download_to_filename", "download_as_bytes", "download_as_string", "download_as_text", "delete"),
)


def _count(operation: str, container: object) -> None:
    core.count(
        "storage.call",
        (
            ("cloud.provider", "gcp"),
            ("sentinel.storage.operation", operation),
            ("sentinel.storage.service", "storage"),
            ("sentinel.storage.container", container if isinstance(container, str) else None),
        ),
    )


def _called(operation: str) -> "Any":
    def seen(args: "Tuple[Any, ...]", named: "Any", result: "Any") -> None:
        _count(operation, getattr(getattr(args[0], "bucket", None), "name", None))

    return seen


def _listed(args: "Tuple[Any, ...]", named: "Any", result: "Any") -> None:
    bucket = args[1] if len(args) > 1 else named.get("bucket_or_name")
    _count("list_blobs", bucket if isinstance(bucket, str) else getattr(bucket, "name", None))



def instrument(module: "Any") -> None:
    """Patches the operations."""
    if UNDO:
        return
    for name in OPERATIONS:
        calls.watch(module.Blob, name, _called(name), UNDO, _inside)
    calls.watch(module.Client, "list_blobs", _listed, UNDO, _inside)


def uninstrument() -> None:
    """Takes the patches back."""
    patching.restore(UNDO)
