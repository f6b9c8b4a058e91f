"""What may leave the process: shapes of arguments, folded paths, statements without literals.

Everything here takes a value and gives what is left once its secrets are gone.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Iterable, List

#: Arguments that a shape names one by one; the rest is one `...`.
SHAPE_LIMIT = 40


def argument_kind(argument: object) -> str:
    """Kind of one argument: flag, url, number, path or text."""
    if isinstance(argument, bytes):
        argument = argument.decode("utf-8", "replace")
    elif hasattr(argument, "__fspath__"):
        return "path"
    text = str(argument)
    if text.lstrip("+-").replace(".", "", 1).replace("_", "").isdigit():
        return "number"
    if text[:1] == "-" and len(text) > 1:
        return "flag"
    if "://" in text:
        return "url"
    if " " not in text and "\n" not in text:
        if text[:1] in (".", "~") or "/" in text or "\\" in text:
            return "path"
        stem, dot, ending = text.rpartition(".")
        if dot and stem and 0 < len(ending) <= 5 and ending.isalnum() and "@" not in text:
            return "path"
    return "text"


def argument_shape(arguments: "Iterable[object]") -> str:
    """Kinds of arguments, separated by spaces; never a value."""
    kinds: "List[str]" = []
    for argument in arguments:
        if len(kinds) == SHAPE_LIMIT:
            kinds.append("...")
            break
        kinds.append(argument_kind(argument))
    return " ".join(kinds)


def url_template(target: str) -> str:
    """Path of a request target: no query, no fragment, no user; ids and numbers become `{id}`, `{n}`.

    Example: `/v1/users/4711/a81bc81b-dead-4e5d-abff-90865d1e13b1?x=1` gives `/v1/users/{n}/{id}`.
    """
    path = target.partition("?")[0].partition("#")[0]
    if "://" in path:
        path = "/" + path.partition("://")[2].partition("/")[2]
    return "/".join([_segment(part) for part in path.split("/")])


def _segment(part: str) -> str:
    if not part:
        return part
    if part.isdigit():
        return "{n}"
    size = len(part)
    if size < 8:
        return part
    digits = sum([letter.isdigit() for letter in part])
    bare = part.replace("-", "").replace("_", "")
    if size >= 16 and all([letter in "0123456789abcdefABCDEF" for letter in bare]):
        return "{id}"
    if "@" in part or "%" in part or "=" in part or ":" in part:
        return "{id}"
    is_mixed = part != part.lower() and part != part.upper()
    if size >= 16 and (digits >= 2 or is_mixed) and bare.isalnum() and "." not in part:
        return "{id}"
    if size > 40 or (digits > size // 2 and size >= 8):
        return "{id}"
    return part
