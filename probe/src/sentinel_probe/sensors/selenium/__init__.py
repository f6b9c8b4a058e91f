"""Browsers driven with Selenium.

Watches: `WebDriver.__init__` (sessions) and `WebDriver.get` of `selenium.webdriver.remote.webdriver`.
Emits: desktop.use of the kind `browser`: one for the browser, one for each host that it is sent to.
Leaves alone and why: pages, elements, cookies, scripts (never looked at); navigation that pages and clicks bring about; the
 driver program and its local port are told as a program and as connections.
Versions: Selenium 4.0 and up. Source: https://www.selenium.dev/documentation/
"""

from ... import calls, core, patching

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, List, Optional, Set, Tuple

VERSIONS = ">=4.0"
EMITS = ("desktop.use",)
PATCHES = ("selenium.webdriver.remote.webdriver",)

UNDO: "List[Any]" = []
_inside: "Set[int]" = set()


def instrument(module: "Any") -> None:
    """Patches start and navigation."""
    if not UNDO:
        calls.watch(module.WebDriver, "__init__", _started, UNDO, _inside)
        calls.watch(module.WebDriver, "get", _went, UNDO, _inside)


def uninstrument() -> None:
    """Takes the patches back."""
    patching.restore(UNDO)


def _count(host: "Optional[str]", port: "Optional[str]", program: "Optional[str]") -> None:
    core.count(
        "desktop.use",
        (
            ("sentinel.desktop.kind", "browser"),
            ("sentinel.library.name", "selenium"),
            ("server.address", host),
            ("server.port", port),
            ("process.executable.name", program),
        ),
    )


def _went(args: "Tuple[Any, ...]", named: "Any", result: "Any") -> None:
    url = str(args[1] if len(args) > 1 else named.get("url") or "")
    scheme, mark, rest = url.partition("://")
    if not mark:  # data:, about:
        _count("(" + url.partition(":")[0][:20] + ")", None, None)
        return
    place = rest.replace("?", "/").replace("#", "/").partition("/")[0].rpartition("@")[2]
    host, colon, port = place.rpartition(":")
    if not (colon and port.isdigit()):
        host, port = place, {"https": "443", "http": "80"}.get(scheme.lower(), "")
    _count(host.strip("[]").lower() or "(" + scheme.lower() + ")", port or None, None)


def _started(args: "Tuple[Any, ...]", named: "Any", result: "Any") -> None:
    capabilities = getattr(args[0], "caps", None) or {}
    _count(None, None, str(capabilities.get("browserName") or "browser"))
