"""Transfers of curl_cffi.

Watches: curl_cffi.curl.Curl.perform (the synchronous sessions end in it) and curl_cffi.aio.AsyncCurl.{set_result, set_exception}.
Emits: net.connect and http.request with `sentinel.network.library` libcurl: method, host, path, status, bytes as libcurl counts them, errors.
Leaves alone and why: bodies and headers (they pass C only, so a model that is asked through libcurl shows as a request, without tokens); requests before
the last redirect; WebSockets. Releases that do not know how large a request was leave its head out of the bytes.
Versions: curl_cffi 0.7 to 0.16. Source: https://curl-cffi.readthedocs.io
"""

from ... import curl, errors, patching

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, List

VERSIONS = ">=0.7"
EMITS = ("net.connect", "http.request")
PATCHES = ("curl_cffi.curl", "curl_cffi.aio")

UNDO: "List[Any]" = []
_infos: "List[Any]" = []


def instrument(module: "Any") -> None:
    """Replaces what a transfer ends in, in either module."""
    if module.__name__ == "curl_cffi.curl":
        _infos.append(module.CurlInfo)
        patching.patch(module.Curl, "perform", _make_perform, UNDO)
    else:
        patching.patch(module.AsyncCurl, "set_result", _make_ending(False), UNDO)
        patching.patch(module.AsyncCurl, "set_exception", _make_ending(True), UNDO)


def uninstrument() -> None:
    """Takes the patches back."""
    patching.restore(UNDO)
    del _infos[:]


def _done(handle: "Any", is_failed: bool) -> None:
    def ask(name: str) -> "Any":
        for number in (getattr(_infos[0], name, None) if _infos else None, curl.OLD.get(name)):
            try:
                if number is not None:
                    return handle.getinfo(number)
            except Exception:  # closed, or a kind of fact that this release cannot give
                pass
        return None

    try:
        curl.report(ask, None, is_failed)
    except BaseException as error:
        if errors.survive("curl_cffi.perform", error, UNDO):
            raise


def _make_perform(original: "Any") -> "Any":
    def perform(self: "Any", *args: "Any", **named: "Any") -> "Any":
        try:
            result = original(self, *args, **named)
        except BaseException as error:
            patching.strip(error)
            if isinstance(error, Exception):
                _done(self, True)
            raise
        _done(self, False)
        return result

    return patching.disguise(perform, original)


def _make_ending(is_failed: bool) -> "Any":
    def make(original: "Any") -> "Any":
        def end(self: "Any", curl: "Any", *args: "Any", **named: "Any") -> "Any":
            _done(curl, is_failed)
            try:
                return original(self, curl, *args, **named)
            except BaseException as error:
                patching.strip(error)
                raise

        return patching.disguise(end, original)

    return make
