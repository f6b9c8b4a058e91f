"""Transfers of pycurl.

Watches: pycurl.Curl and pycurl.CurlMulti, replaced in `pycurl` by real subclasses that carry the same names: Curl.{perform, perform_rb, perform_rs} and
CurlMulti.info_read.
Emits: net.connect and http.request with `sentinel.network.library` libcurl: method, host, path, status, bytes as libcurl counts them, errors.
Leaves alone and why: bodies and headers (they pass C only, so a model that is asked through libcurl shows as a request, without tokens); requests
before the last redirect (libcurl keeps totals of bytes, but the path of the last only); WebSockets; transfers of a multi handle that are never
read with info_read.
Versions: pycurl 7.45.3 to 7.49. Source: http://pycurl.io/docs/latest/
"""

from ... import curl, errors, patching

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, List

VERSIONS = ">=7.45.3"
EMITS = ("net.connect", "http.request")
PATCHES = ("pycurl",)

UNDO: "List[Any]" = []


def instrument(module: "Any") -> None:
    """Replaces the two classes."""
    if UNDO:
        return
    patching.put(module, "Curl", _make_curl(module, module.Curl), UNDO)
    patching.put(module, "CurlMulti", _make_multi(module, module.CurlMulti), UNDO)


def uninstrument() -> None:
    """Takes the patches back; handles that exist keep their class."""
    patching.restore(UNDO)


def _done(module: "Any", handle: "Any", is_failed: bool) -> None:
    def ask(name: str) -> "Any":
        number = getattr(module, name, None)
        if number is None:
            number = getattr(module, name.replace("_T", ""), None)
        try:
            return None if number is None else handle.getinfo(number)
        except (module.error, ValueError, UnicodeError):
            return None

    try:
        curl.report(ask, getattr(handle, "_sentinel_method", None), is_failed)
    except BaseException as error:
        if errors.survive("pycurl.perform", error, UNDO):
            raise


def _make_curl(module: "Any", base: "Any") -> "Any":
    kind = type("Curl", (base,), {"__module__": base.__module__, "__doc__": base.__doc__})

    def make(original: "Any") -> "Any":
        def perform(self: "Any", *args: "Any", **named: "Any") -> "Any":
            try:
                result = original(self, *args, **named)
            except module.error as error:
                patching.strip(error)
                _done(module, self, True)
                raise
            except BaseException as error:
                patching.strip(error)
                raise
            _done(module, self, False)
            return result

        return patching.disguise(perform, original)

    if not hasattr(module, "EFFECTIVE_METHOD"):
        _note_methods(module, kind, base)
    for name in ("perform", "perform_rb", "perform_rs"):
        if hasattr(base, name):
            setattr(kind, name, make(getattr(base, name)))
    return kind


def _note_methods(module: "Any", kind: "Any", base: "Any") -> None:
    """Notes which method the options ask for, where libcurl's wrapper does not tell."""
    methods = {getattr(module, name, None): "POST" for name in ("POST", "POSTFIELDS", "COPYPOSTFIELDS", "HTTPPOST")}
    methods.update({getattr(module, "HTTPGET", None): "GET", getattr(module, "UPLOAD", None): "PUT", getattr(module, "NOBODY", None): "HEAD"})
    original = base.setopt

    def setopt(self: "Any", *args: "Any", **named: "Any") -> "Any":
        try:
            result = original(self, *args, **named)
        except BaseException as error:
            patching.strip(error)
            raise
        if len(args) == 2:
            if args[0] == module.CUSTOMREQUEST and isinstance(args[1], str):
                self._sentinel_method = args[1]
            elif args[0] in methods and args[1]:
                self._sentinel_method = methods[args[0]]
        return result

    kind.setopt = patching.disguise(setopt, original)


def _make_multi(module: "Any", base: "Any") -> "Any":
    kind = type("CurlMulti", (base,), {"__module__": base.__module__, "__doc__": base.__doc__})
    original = base.info_read

    def info_read(self: "Any", *args: "Any", **named: "Any") -> "Any":
        try:
            result = original(self, *args, **named)
        except BaseException as error:
            patching.strip(error)
            raise
        for handle in result[1]:
            _done(module, handle, False)
        for each in result[2]:
            _done(module, each[0], True)
        return result

    kind.info_read = patching.disguise(info_read, original)  # type: ignore[attr-defined]
    return kind
