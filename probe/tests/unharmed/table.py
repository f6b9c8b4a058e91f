"""The kept results as a table, for docs/verified.md."""

import os

from . import known, outcomes
from .sides import CACHE

_HEAD = ("suite", "route", "tests", "passed bare", "differ", "of these unexplained", "flaky on both sides", "faults of the probe", "state of the probe")


def rows():
    """A row for each version of CPython and each package."""
    for folder in sorted(os.listdir(CACHE), key=_order) if os.path.isdir(CACHE) else ():
        kind, version, route = folder.split("-")
        results = [outcomes.load(os.path.join(CACHE, folder, name)) for name in sorted(os.listdir(os.path.join(CACHE, folder))) if name.endswith(".json")]
        if kind == "cpython":
            yield ("CPython %s, %d modules" % (version, len(results)), route, *_sum(results))
        else:
            for result in results:
                yield ("%s on %s" % (result["needs"][0].replace("==", " "), version), route, *_sum([result]))


def _order(name):
    kind, version, route = name.split("-")
    return kind, route, [int(part) for part in version.split(".")]


def _sum(results):
    faults = {}
    for result in results:
        for name, count in result["witness"]["faults"].items():
            faults[name] = faults.get(name, 0) + count
    return (
        sum(result["tests"] for result in results),
        sum(result["passed"] for result in results),
        sum(len([name for name in result["differences"] if name and not name.startswith("(")]) for result in results),
        sum(len(known.unexplained(result["suite"], result["differences"])) for result in results),
        sum(len(result["flaky"]) for result in results),
        ", ".join("%s %d" % pair for pair in sorted(faults.items())) or 0,
        ", ".join(sorted({result["probe"] for result in results})),
    )


def text():
    """The table in Markdown, and every difference with its reason."""
    lines = ["| %s |" % " | ".join(_HEAD), "|%s" % ("---|" * len(_HEAD))]
    lines += ["| %s |" % " | ".join(map(str, row)) for row in rows()]
    lines.append("")
    for suite, name, why in known.KNOWN:
        lines.append("- `%s` (%s): %s." % (name, suite, why))
    return "\n".join(lines)
