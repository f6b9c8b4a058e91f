"""Code and values that the script reads with marshal.

Watches: the audit event `marshal.loads`.
Emits: code.load with the kind `marshal`, where the script's own code calls.
Leaves alone and why: the bytes; compiled files that imports read; libraries' caches of their own.
Versions: CPython 3.10 to 3.14 (3.8 and 3.9 raise no such event). Source: https://docs.python.org/3/library/marshal.html
"""

import sys

from ... import core, origin

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import Any, Optional, Tuple

VERSIONS = ">=3.10"
EMITS = ("code.load",)

_getframe = sys._getframe


def on_loads(args: "Tuple[Any, ...]") -> None:
    """marshal.loads(bytes)"""
    frame: "Optional[FrameType]" = _getframe(1)
    while frame is not None and origin.kind_of(frame.f_code.co_filename) == origin.OURS:
        frame = frame.f_back
    if frame is not None and origin.kind_of(frame.f_code.co_filename) == origin.USERS:
        core.slow(core.count, "code.load", (("sentinel.code.kind", "marshal"),))


AUDIT = {"marshal.loads": on_loads}
