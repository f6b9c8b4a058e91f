"""Services of AWS called with boto3 or botocore.

Watches: `BaseClient._make_api_call`, through which every operation of every service goes.
Emits: storage.call, one for each operation and container, counted; the bytes are those of the connection.
Leaves alone and why: parameters and results but for the bucket (never looked at); object names; multipart uploads are operations of their own.
Versions: botocore 1.20 and up. Source: https://botocore.amazonaws.com/v1/documentation/api/latest/index.html
"""

from ... import calls, core, patching

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, List, Set, Tuple

VERSIONS = ">=1.20"
EMITS = ("storage.call",)
PATCHES = ("botocore.client",)

UNDO: "List[Any]" = []
_inside: "Set[int]" = set()


def _called(args: "Tuple[Any, ...]", named: "Any", result: "Any") -> None:
    service = getattr(getattr(getattr(args[0], "meta", None), "service_model", None), "service_name", None)
    parameters = args[2] if len(args) > 2 else named.get("api_params") or {}
    bucket = parameters.get("Bucket") if isinstance(parameters, dict) else None
    core.count(
        "storage.call",
        (
            ("cloud.provider", "aws"),
            ("sentinel.storage.operation", args[1] if len(args) > 1 else named.get("operation_name")),
            ("sentinel.storage.service", service),
            ("sentinel.storage.container", bucket if isinstance(bucket, str) else None),
        ),
    )



def instrument(module: "Any") -> None:
    """Patches the operations."""
    if not UNDO:
        calls.watch(module.BaseClient, "_make_api_call", _called, UNDO, _inside)


def uninstrument() -> None:
    """Takes the patches back."""
    patching.restore(UNDO)
