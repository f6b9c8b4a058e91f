"""Model Context Protocol: servers by the shape of the command that starts them, JSON-RPC requests over HTTP by method and tool name.

Arguments and results are not kept.

Source: https://modelcontextprotocol.io/specification (base protocol, transports, tools).
"""

import re

from . import boot, core

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Optional, Sequence

#: Requests of a client; notifications and answers to the server say nothing of their own.
METHODS = frozenset(["initialize", "tools/call", "tools/list", "resources/read", "resources/list", "prompts/get", "prompts/list", "completion/complete"])


#: Programs that start a server which is somebody else's package or a script.
LAUNCHERS = frozenset("npx bunx bun pnpm yarn node deno uvx uv pipx docker podman python python3 py".split())
_NAME = re.compile(r"(?=[A-Za-z0-9._/@-]+\Z).*?(?:(?<![A-Za-z0-9])mcp(?![A-Za-z0-9])|modelcontextprotocol)")


def server_of(program: str, arguments: "Sequence[object]") -> "Optional[str]":
    """Package, module or file name of the MCP server that a command starts, such as `npx -y @modelcontextprotocol/server-git` or `python -m mcp_server_git`."""
    name = program.replace("\\", "/").rpartition("/")[2].lower()
    if name.endswith((".exe", ".cmd")):
        name = name[:-4]
    if name.rstrip("0123456789.") in LAUNCHERS or name in LAUNCHERS:
        candidates = [str(each) for each in arguments[1:9]]
    else:
        candidates = [program]
    for text in candidates:
        text = text.replace("\\", "/")
        if text[:1] == "-" or " " in text or "=" in text or "://" in text:
            continue
        if text[:1] in "/.~" or text.count("/") > 1 or ":/" in text:
            text = text.rpartition("/")[2]
        if len(text) <= 80 and _NAME.match(text.replace("_", "-")):
            return text
    return None


def count_request(body: bytes, host: str, port: "Optional[int]") -> "Optional[core.Activity]":
    """Counts a JSON-RPC request that is about to be sent; None where the body is none."""
    if b'"jsonrpc"' not in body[:4096] and b'"jsonrpc"' not in body[-256:]:
        return None
    if "sensors.mcp" in boot.LOADED and boot.LOADED["sensors.mcp"].UNDO:
        return None  # the library's own sensor says it
    try:
        asked = boot.load("llm_request")._json().loads(body)
    except (ValueError, RecursionError):
        return None
    found = None
    for each in asked if isinstance(asked, list) else [asked]:
        if isinstance(each, dict) and each.get("method") in METHODS:
            parameters = each.get("params")
            tool = parameters.get("name") if isinstance(parameters, dict) and each["method"] == "tools/call" else None
            found = core.slow(count, each["method"], tool if isinstance(tool, str) else None, None, host, port, "tcp")
    return found


def count(
    method: str, tool: "Optional[str]", server: "Optional[str]", host: "Optional[str]", port: "Any", transport: "Optional[str]", failed: int = 0
) -> core.Activity:
    """Counts a call. Only from inside `core.slow`."""
    return core.count(
        "mcp.call",
        (
            ("mcp.method.name", method),
            ("gen_ai.tool.name", tool),
            ("sentinel.mcp.server", server),
            ("server.address", host),
            ("server.port", port),
            ("network.transport", transport),
        ),
        failed,
    )
