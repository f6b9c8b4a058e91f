"""Azure Blob Storage.

Watches: the methods of `BlobClient` and `ContainerClient` that move, list or delete blobs.
Emits: storage.call, one for each operation and container, counted; the bytes are those of the connection.
Leaves alone and why: blob names and contents (never looked at); the asynchronous clients (the connection tells).
Versions: azure-storage-blob 12.0 and up. Source: https://learn.microsoft.com/python/api/azure-storage-blob/
"""

from ... import calls, core, patching

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, List, Set, Tuple

VERSIONS = ">=12.0"
EMITS = ("storage.call",)
PATCHES = ("azure.storage.blob",)

UNDO: "List[Any]" = []
_inside: "Set[int]" = set()


def _called(operation: str) -> "Any":
    def seen(args: "Tuple[Any, ...]", named: "Any", result: "Any") -> None:
        account = getattr(args[0], "account_name", None)
        container = getattr(args[0], "container_name", None)
        core.count(
            "storage.call",
            (
                ("cloud.provider", "azure"),
                ("sentinel.storage.operation", operation),
                ("sentinel.storage.service", "blob"),
                ("sentinel.storage.container", "/".join([str(each) for each in (account, container) if each])),
            ),
        )

    return seen



def instrument(module: "Any") -> None:
    """Patches the operations."""
    if UNDO:
        return
    for kind in (module.BlobClient, module.ContainerClient):
        for name in ("upload_blob", "download_blob", "delete_blob", "list_blobs", "stage_block", "append_block", "start_copy_from_url"):
            if hasattr(kind, name):
                calls.watch(kind, name, _called(name), UNDO, _inside)


def uninstrument() -> None:
    """Takes the patches back."""
    patching.restore(UNDO)
