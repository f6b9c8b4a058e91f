"""A transfer of libcurl, from what libcurl says of it when it is done.

libcurl opens its own sockets and has its own TLS: nothing of it passes Python. Source: https://curl.se/libcurl/c/curl_easy_getinfo.html
"""

from . import core, http1, redact, wire

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Optional

#: Names of the facts, as libcurl has them.
FACTS = (
    *("EFFECTIVE_URL", "EFFECTIVE_METHOD", "RESPONSE_CODE", "PRIMARY_IP", "PRIMARY_PORT", "NUM_CONNECTS", "REDIRECT_COUNT"),
    *("REQUEST_SIZE", "SIZE_UPLOAD_T", "HEADER_SIZE", "SIZE_DOWNLOAD_T"),
)
#: Facts that older wrappers do not name, by their numbers of old.
OLD = {"SIZE_UPLOAD_T": 0x300007, "SIZE_DOWNLOAD_T": 0x300008}


def report(ask: "Callable[[str], Any]", method: "Optional[str]", is_failed: bool) -> None:
    """Counts a transfer. `ask` gives a fact by its name, or None."""
    facts = {}
    for name in FACTS:
        value = ask(name)
        facts[name] = value.decode("latin-1") if isinstance(value, bytes) else value
    core.slow(_report, facts, method, is_failed)


def _report(facts: "Any", method: "Optional[str]", is_failed: bool) -> None:
    url = facts["EFFECTIVE_URL"] or ""
    scheme, separator, rest = url.partition("://")
    if not separator:
        scheme, rest = "http", url
    scheme = scheme.lower()
    authority, slash, path = rest.partition("/")
    default = {"https": 443, "http": 80}.get(scheme)
    name, port = http1.split_host(authority.partition("?")[0], "", default, scheme)
    if scheme not in ("http", "https"):
        name, port = authority.rpartition("@")[2].partition(":")[0].lower(), int(facts["PRIMARY_PORT"] or 0) or None
    asked, uploaded = _number(facts["REQUEST_SIZE"]), _number(facts["SIZE_UPLOAD_T"])
    bytes_out = asked if asked > uploaded else asked + uploaded  # a body that went with the head is in both
    bytes_in = _number(facts["HEADER_SIZE"]) + _number(facts["SIZE_DOWNLOAD_T"])
    status = _number(facts["RESPONSE_CODE"])
    is_missing = is_failed and not status
    connect = wire.connected(name, facts["PRIMARY_IP"], port, "tcp", "libcurl", int(is_missing and not facts["PRIMARY_IP"]))
    connect.count += max(_number(facts["NUM_CONNECTS"]), int(is_missing)) - 1
    connect.bytes_out += bytes_out
    connect.bytes_in += bytes_in
    if scheme not in ("http", "https") or is_missing and not bytes_out:
        return
    verb = facts["EFFECTIVE_METHOD"] or method
    found = core.count(
        "http.request",
        (
            ("server.address", name),
            ("server.port", port),
            ("http.request.method", verb or "GET"),
            ("url.scheme", scheme),
            ("url.template", redact.url_template(slash + path) if slash else "/"),
            ("sentinel.network.library", "libcurl"),
        ),
    )
    found.bytes_out += bytes_out
    found.bytes_in += bytes_in
    if status:
        http1.note_status(found, status)
    else:
        found.errors += 1


def _number(value: "Any") -> int:
    return int(value) if isinstance(value, (int, float)) and value > 0 else 0
