"""Refuses a version of a script that operators have quarantined, before any of it runs. Loaded only while there is a quarantine.

The agent keeps a file beside the policies, with a line each: SHA-256, id of the order, reason. The refusal stands in the run's record as a
`file.open` of the script that was blocked, since that is what did not happen. What has no file of its own (-c, standard input, a module that is named)
is refused at its first act instead, by the policy that the same order makes.
"""

import os
import sys
from time import time_ns

from . import boot

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Optional, Tuple

MOST_TEXT = 4_000_000
#: Exit code of a command that was found and is not run. Source: POSIX.1-2024, Shell Command Language 2.8.2.
NOT_RUN = 126
POLICY = "sentinel.orders"

_write = os.write


def look(path: str) -> None:
    """Ends this process where the script is quarantined. A fault of ours lets it run."""
    try:
        found = _find(path)
        if found is None:
            return
        order, reason = found
        told = "This version of the script is quarantined: " + reason
        record = "A\t1\tfile.open\t%d\t1\t0\t0\t0\t0" % time_ns() + boot.attributes(
            (
                ("file.path", path),
                ("sentinel.file.operation", "read"),
                ("sentinel.decision.effect", "block"),
                ("sentinel.decision.disposition", "blocked"),
                ("sentinel.decision.policy", POLICY),
                ("sentinel.decision.statement", "quarantine-" + order),
                ("sentinel.decision.reason", told),
            )
        )
        end = "E\t%d\tsentinel.run.exit_route\tos._exit\tsentinel.run.exit_code\t%d" % (time_ns(), NOT_RUN)
        boot.append([record, end])
    except Exception:
        return
    text = "\nSentinel: %s does not start on this computer.\n%s\n" % (os.path.basename(path), told)
    text += "It stays so until your company's operators lift it (order %s). Nothing of the script has run.\n" % order
    try:
        _write(2, text.encode(errors="backslashreplace"))
    except OSError:
        pass
    boot._leave(NOT_RUN)


def _find(path: str) -> "Optional[Tuple[str, str]]":
    """The order and the reason, where the version is quarantined."""
    with open(boot.policy_path()[:-6] + "quarantined", encoding="utf-8", newline="\n") as file:
        lines = [line.split("\t", 2) for line in file.read(MOST_TEXT).split("\n")]
    held = {fields[0]: (fields[1], fields[2]) for fields in lines if len(fields) == 3}
    return held.get(_sha256(path)) if held else None


def _sha256(path: str) -> str:
    """SHA-256 of a whole file, by the interpreter's own built-in where it has one."""
    before = set(sys.modules)
    name = "_sha2" if sys.version_info >= (3, 12) else "_sha256"
    try:
        make = __import__(name).sha256
    except (ImportError, AttributeError):
        make = __import__("hashlib").sha256
    with open(path, "rb") as file:
        digest = make()
        for part in iter(lambda: file.read(1 << 20), b""):
            digest.update(part)
    boot.PENDING[:] = [each for each in boot.PENDING if each[0] in before]  # it was not the script who asked
    return str(digest.hexdigest())
