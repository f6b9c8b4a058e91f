"""Mail sent with aiosmtplib.

Watches: `SMTP.sendmail`, which `send_message` and `aiosmtplib.send` also use.
Emits: mail.send by server and recipients' domains: messages, recipients, attachments, bytes.
Leaves alone and why: addresses before the @, subject, text, credentials (never leave the process).
Versions: aiosmtplib 2.0 and up. Source: https://aiosmtplib.readthedocs.io/
"""

from ... import calls, mail, patching

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, List, Set, Tuple

VERSIONS = ">=2.0"
EMITS = ("mail.send",)
PATCHES = ("aiosmtplib",)

UNDO: "List[Any]" = []
_inside: "Set[int]" = set()


def instrument(module: "Any") -> None:
    """Patches the one function that sends a whole message."""
    if not UNDO:
        calls.watch(module.SMTP, "sendmail", _sent, UNDO, _inside)


def uninstrument() -> None:
    """Takes the patches back."""
    patching.restore(UNDO)


def _sent(args: "Tuple[Any, ...]", named: "Any", result: "Any") -> None:
    to = args[2] if len(args) > 2 else named.get("recipients") or ()
    message = args[3] if len(args) > 3 else named.get("message") or b""
    port = getattr(args[0], "port", None)
    mail.sent(
        "aiosmtplib",
        [to] if isinstance(to, str) else list(to),
        len(message),
        mail.attachments(message),
        getattr(args[0], "hostname", None),
        port if isinstance(port, int) else None,
    )
