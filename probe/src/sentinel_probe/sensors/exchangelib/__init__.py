"""Mail sent through Exchange with exchangelib.

Watches: `Message.send` and `Message.send_and_save`.
Emits: mail.send by server and recipients' domains: messages, recipients, attachments.
Leaves alone and why: addresses before the @, subject, text, credentials (never leave the process); calendar and contacts.
Versions: exchangelib 4.0 and up. Source: https://ecederstrand.github.io/exchangelib/
"""

from ... import calls, mail, patching

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, List, Set, Tuple

VERSIONS = ">=4.0"
EMITS = ("mail.send",)
PATCHES = ("exchangelib",)

UNDO: "List[Any]" = []
_inside: "Set[int]" = set()


def instrument(module: "Any") -> None:
    """Patches what sends."""
    if not UNDO:
        for name in ("send", "send_and_save"):
            calls.watch(module.Message, name, _sent, UNDO, _inside)


def uninstrument() -> None:
    """Takes the patches back."""
    patching.restore(UNDO)


def _sent(args: "Tuple[Any, ...]", named: "Any", result: "Any") -> None:
    message = args[0]
    recipients: "List[Any]" = []
    for name in ("to_recipients", "cc_recipients", "bcc_recipients"):
        recipients += [getattr(each, "email_address", each) for each in getattr(message, name, None) or ()]
    server = getattr(getattr(getattr(message, "account", None), "protocol", None), "server", None)
    mail.sent("exchangelib", recipients, 0, len(getattr(message, "attachments", None) or ()), server)
