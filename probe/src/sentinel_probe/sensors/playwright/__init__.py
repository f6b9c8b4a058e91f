"""Browsers driven with Playwright.

Watches: `BrowserType.launch*`, `connect*` and `Page.goto` beneath both the synchronous and the asynchronous API.
Emits: desktop.use of the kind `browser`: one for the browser, one for each host that it is sent to.
Leaves alone and why: pages, elements, cookies, scripts (never looked at); navigation that pages and clicks bring about. The
 driver is a program of its own: what the browser sends is not in this process.
Versions: Playwright 1.40 and up. Source: https://playwright.dev/python/docs/api/class-playwright
"""

from ... import calls, core, patching

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, List, Optional, Set, Tuple

VERSIONS = ">=1.40"
EMITS = ("desktop.use",)
PATCHES = ("playwright._impl._browser_type", "playwright._impl._page", "playwright._impl.browser_type", "playwright._impl.page")

UNDO: "List[Any]" = []
_inside: "Set[int]" = set()


def instrument(module: "Any") -> None:
    """Patches start and navigation."""
    if patching.is_off(UNDO):
        return
    if hasattr(module, "BrowserType"):
        for name in ("launch", "launch_persistent_context", "connect", "connect_over_cdp"):
            calls.watch(module.BrowserType, name, _started, UNDO, _inside)
    if hasattr(module, "Page"):
        calls.watch(module.Page, "goto", _went, UNDO, _inside)


def uninstrument() -> None:
    """Takes the patches back."""
    patching.restore(UNDO)


def _count(host: "Optional[str]", port: "Optional[str]", program: "Optional[str]") -> None:
    core.count(
        "desktop.use",
        (
            ("sentinel.desktop.kind", "browser"),
            ("sentinel.library.name", "playwright"),
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
    _count(None, None, str(getattr(args[0], "name", "browser")))
