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
    """Path of a request target: no query, no fragment, no user; ids, numbers and names become `{id}`, `{n}`, `{name}` (see `url_path`).

    Example: `/v1/users/4711/a81bc81b-dead-4e5d-abff-90865d1e13b1?x=1` gives `/v1/users/{n}/{id}`.
    """
    path = target.partition("?")[0].partition("#")[0]
    if "://" in path:
        path = "/" + path.partition("://")[2].partition("/")[2]
    from . import url_path  # only who sees a path pays for its words

    return url_path.template(path)
