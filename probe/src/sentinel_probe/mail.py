"""Messages that are sent: to how many, of which domains, with how many attachments. Shared by the sensors of mail libraries.

Of an address only the domain leaves the process; of a message only its size and the number of its attachments.
"""

from . import core

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Iterable, Optional

#: Domains named of one message; further ones are not.
MOST_DOMAINS = 10


def domain(address: object) -> str:
    """Domain of an address, lower case; empty where there is none."""
    text = str(address).rpartition("@")
    return text[2].strip(" <>\"'\t\r\n").lower()[:200] if text[1] else ""


def attachments(message: "Any") -> int:
    """Number of attachments of a message as it is sent, text or bytes."""
    count: int = message.lower().count("content-disposition: attachment" if isinstance(message, str) else b"content-disposition: attachment")
    return count


def sent(
    library: str,
    recipients: "Iterable[object]",
    size: int = 0,
    attachments: int = 0,
    server: "Optional[str]" = None,
    port: "Optional[int]" = None,
) -> None:
    """Counts a message. Only from inside `core.slow`."""
    given = list(recipients)
    domains = sorted({domain(each) for each in given} - {""})
    found = core.count(
        "mail.send",
        (
            ("sentinel.library.name", library),
            ("server.address", server),
            ("server.port", port or None),
            ("sentinel.mail.domains", ",".join(domains[:MOST_DOMAINS])),
        ),
    )
    found.bytes_out += size
    totals = _totals.setdefault(found, [0, 0])
    totals[0] += len(given)
    totals[1] += attachments
    found.changes = {**(found.changes or {}), "sentinel.mail.recipients": totals[0], "sentinel.mail.attachments": totals[1]}


_totals: "dict[core.Activity, list[int]]" = {}
core.FORGETTERS.append(_totals.clear)
