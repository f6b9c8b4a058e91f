"""Channels, calls and servers of gRPC, whose traffic passes C only.

Watches: grpc._channel.Channel and grpc.aio._channel.Channel (made for a target), the calls of both, grpc._server and grpc.aio._server `add_*_port`.
Emits: net.connect for each channel and http.request for each call (POST, the method's path), both with `sentinel.network.library` grpc; net.listen.
Leaves alone and why: messages and bytes (C only: peers and bytes are to be had from outside); whether a channel's connection ever came up; the status of
streams; calls that a server of the run answers.
Versions: grpcio 1.49 to 1.85. Source: https://grpc.github.io/grpc/python/
"""

from ... import core, errors, http1, patching, records, redact, wire

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, List, Tuple

VERSIONS = ">=1.49"
EMITS = ("net.connect", "net.listen", "http.request")
PATCHES = ("grpc._channel", "grpc._server", "grpc.aio._channel", "grpc.aio._server")

UNDO: "List[Any]" = []
_KINDS = ("UnaryUnary", "UnaryStream", "StreamUnary", "StreamStream")


def instrument(module: "Any") -> None:
    """Replaces what makes channels, calls and listeners, in one of the modules."""
    if module.__name__[-8:] == "_channel":
        patching.patch(module.Channel, "__init__", _make_channel, UNDO)
        is_aio = ".aio." in module.__name__
        for kind in _KINDS if is_aio else (*["_" + kind for kind in _KINDS], "_SingleThreadedUnaryStream"):
            call = getattr(module, kind + "MultiCallable", None)
            for name in ("__call__", "with_call", "future"):
                if call is not None and name in vars(call):
                    patching.patch(call, name, _make_call, UNDO)
    else:
        kind = getattr(module, "_Server", None) or module.Server
        for name in ("add_insecure_port", "add_secure_port"):
            patching.patch(kind, name, _make_port, UNDO)


def uninstrument() -> None:
    """Takes the patches back."""
    patching.restore(UNDO)


def target_of(target: "Any") -> "Tuple[Any, Any, Any, str]":
    """Name, path, port and transport of a target such as `dns:///host:50051`, `ipv4:1.2.3.4:5` or `unix:/path`."""
    text = target.decode("latin-1") if isinstance(target, bytes) else str(target)
    scheme, colon, rest = text.partition(":")
    if colon and scheme in ("unix", "unix-abstract"):
        return None, rest, None, "unix"
    if colon and scheme in ("dns", "ipv4", "ipv6", "passthrough", "xds"):
        text = rest.rpartition("/")[2] if "/" in rest else rest
        text = text.partition(",")[0]
    name, port = http1.split_host(text, text, None, "https")
    return wire.NAMES.get(name, name), name if wire.is_address(name) else None, port, "tcp"


def _make_channel(original: "Any") -> "Any":
    def __init__(self: "Any", *args: "Any", **named: "Any") -> None:
        try:
            result = original(self, *args, **named)
        except BaseException as error:
            patching.strip(error)
            raise
        try:
            credentials = args[2] if len(args) > 2 else named.get("credentials")
            place = target_of(args[0] if args else named.get("target"))
            self._sentinel_place = (place[0], place[2], "http" if credentials is None else "https")
            wire.connected(*place, "grpc")
        except BaseException as error:
            if errors.survive("grpc.channel", error, UNDO):
                raise
        return result  # type: ignore[no-any-return]

    return patching.disguise(__init__, original)


def _make_call(original: "Any") -> "Any":
    def call(self: "Any", *args: "Any", **named: "Any") -> "Any":
        found = None
        try:
            found = _called(self)
        except BaseException as error:
            if errors.survive("grpc.call", error, UNDO):
                raise
        try:
            return original(self, *args, **named)
        except BaseException as error:
            patching.strip(error)
            if found is not None and isinstance(error, Exception):
                found.errors += 1
            raise

    return patching.disguise(call, original)


def _called(call: "Any") -> core.Activity:
    method = call._method
    method = method.decode("latin-1") if isinstance(method, bytes) else str(method)
    target = getattr(call, "_target", None)
    ask = getattr(getattr(call, "_channel", None), "target", None)
    if target is None and ask is not None:
        target = ask() if callable(ask) else ask
    if target is None:
        holder = next((each for each in getattr(call, "_references", None) or () if hasattr(each, "_sentinel_place")), None)
        name, port = holder._sentinel_place[:2] if holder is not None else (None, None)
    else:
        name, _, port, _ = target_of(target)
    return records.count(
        "http.request",
        (
            ("server.address", name or "(unknown)"),
            ("server.port", port),
            ("http.request.method", "POST"),
            ("url.scheme", "http"),
            ("url.template", redact.url_template(method)),
            ("sentinel.network.library", "grpc"),
        ),
    )


def _make_port(original: "Any") -> "Any":
    def add_port(self: "Any", *args: "Any", **named: "Any") -> "Any":
        try:
            result = original(self, *args, **named)
        except BaseException as error:
            patching.strip(error)
            raise
        try:
            name, path, port, transport = target_of(args[0] if args else named.get("address"))
            port = result if isinstance(result, int) and result > 1 else port
            core.slow(
                core.count, "net.listen", (("network.local.address", path or name or "::"), ("network.local.port", port), ("network.transport", transport))
            )
        except BaseException as error:
            if errors.survive("grpc.server", error, UNDO):
                raise
        return result

    return patching.disguise(add_port, original)
