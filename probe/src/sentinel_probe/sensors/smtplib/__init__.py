"""Mail sent with smtplib.

Watches: `smtplib.SMTP.sendmail`, which `send_message` and `SMTP_SSL` also use.
Emits: mail.send by server and recipients' domains: messages, recipients, attachments, bytes.
Leaves alone and why: addresses before the @, subject, text, credentials (never leave the process); commands given one by one
(`mail`, `rcpt`, `data`: the connection tells).
Versions: CPython 3.8 to 3.14. Source: https://docs.python.org/3/library/smtplib.html
"""

from ... import calls, mail, patching

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, List, Set, Tuple

VERSIONS = ">=3.8"
EMITS = ("mail.send",)
PATCHES = ("smtplib",)

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
    to = args[2] if len(args) > 2 else named.get("to_addrs") or ()
    message = args[3] if len(args) > 3 else named.get("msg") or b""
    recipients = [to] if isinstance(to, str) else list(to)
    port = None
    sock = getattr(args[0], "sock", None)
    try:
        port = sock.getpeername()[1] if sock is not None else None
    except (OSError, IndexError, AttributeError):
        pass
    host = getattr(args[0], "_host", None)
    mail.sent("smtplib", recipients, len(message), mail.attachments(message), host or None, port)
