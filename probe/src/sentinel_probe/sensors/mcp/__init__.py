"""Servers of the Model Context Protocol that the run talks to, and the tools it calls.

Watches: mcp.client.session.ClientSession.send_request, which every request of the official package passes, over pipes or HTTP.
Emits: mcp.call: method, tool, the name that the server gave itself, errors. JSON-RPC over HTTP that the wire shows is then left to this sensor.
Leaves alone and why: arguments and results; notifications; what servers ask of the client; servers that the run itself offers.
Versions: mcp 2.3 (1.x has the same method, untested). Source: https://modelcontextprotocol.io/specification, https://github.com/modelcontextprotocol/python-sdk
"""

from _weakref import ref

from ... import core, errors, mcp, patching

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List

VERSIONS = ">=2.3"
EMITS = ("mcp.call",)
PATCHES = ("mcp.client.session",)

UNDO: "List[Any]" = []
#: Session to the name of its server.
_servers: "Dict[Any, str]" = {}


def instrument(module: "Any") -> None:
    """Replaces the method that sends requests."""
    if not UNDO:
        patching.patch(module.ClientSession, "send_request", _make_sender, UNDO)


def uninstrument() -> None:
    """Takes the patch back."""
    patching.restore(UNDO)


def _make_sender(original: "Any") -> "Any":
    async def send_request(self: "Any", request: "Any", *args: "Any", **named: "Any") -> "Any":
        failed = 0
        result = None
        try:
            result = await original(self, request, *args, **named)
            return result
        except BaseException as error:
            patching.strip(error)
            failed = 1
            raise
        finally:
            try:
                _sent(self, request, result, failed)
            except BaseException as error:
                if errors.survive("mcp.request", error, UNDO):
                    raise

    return patching.disguise(send_request, original)


def _sent(session: "Any", request: "Any", result: "Any", failed: int) -> None:
    asked = getattr(request, "root", request)
    method = getattr(asked, "method", None)
    if method not in mcp.METHODS:
        return
    if method == "initialize" and result is not None:
        about = getattr(result, "serverInfo", None) or getattr(result, "server_info", None)
        name = getattr(about, "name", None)
        if isinstance(name, str):
            _servers[ref(session, _drop)] = name
    tool = getattr(getattr(asked, "params", None), "name", None) if method == "tools/call" else None
    failed = failed or int(bool(getattr(result, "isError", False) or getattr(result, "is_error", False)))
    core.slow(mcp.count, method, tool if isinstance(tool, str) else None, _servers.get(ref(session)), None, None, None, failed)


def _drop(reference: "Any") -> None:
    _servers.pop(reference, None)


core.FORGETTERS.append(_servers.clear)
