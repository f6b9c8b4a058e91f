"""Makes ready for another audit hook.

An audit hook of the script's sees what the probe does: each of our modules that is loaded later would show as `open`, `marshal.loads` and `exec`
events which the script did not bring about. So everything is loaded before the other hook is there. What it still sees of us is the
spool file being opened.
"""

from . import boot

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Tuple


def on_addaudithook(args: "Tuple[Any, ...]") -> None:
    """sys.addaudithook(): before the hook is added"""
    for name in ("core", "errors", "patching", "script", "child"):
        boot.load(name)
    for name in set(boot.SENSORS.values()):
        for event, handler in boot.load(name).AUDIT.items():
            boot.HANDLERS.setdefault(event, handler)
    boot.load("tamper").report("sys.addaudithook")


AUDIT = {"sys.addaudithook": on_addaudithook}
