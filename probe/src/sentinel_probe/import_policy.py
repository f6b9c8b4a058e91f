"""Has the policies decide on a library before any of its code runs. Loaded only where a policy speaks of imports.

Asked for top-level modules, and for the packages right below a namespace package, which may each be of another distribution. The finders
behind ours are asked once: what they find is handed on to the import under way.
"""

import sys

from . import boot, core, distributions, patching

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict

#: Names that were refused: each further attempt is.
_refused: "Dict[str, core.Activity]" = {}


def is_to_be_decided(name: str) -> bool:
    """Whether a module can be of a distribution of its own."""
    parent, dot, _ = name.rpartition(".")
    if not dot:
        return True
    module = sys.modules.get(parent)
    return module is not None and getattr(module, "__file__", None) is None and getattr(module, "__path__", None) is not None


def decide(name: str, path: "Any", target: "Any") -> None:
    """Decides on a module that is about to be imported; only from inside `core.slow`, which then stops what is refused."""
    known = _refused.get(name)
    if known is not None:
        known.count += 1
        core.refuse(known)
        return
    deciding = core.policies()
    if deciding is None or not deciding.says_of("module.import"):
        return
    if path is None and "." in name:
        path = sys.modules[name.rpartition(".")[0]].__path__
    spec = patching.find(name, path, target)
    if spec is None:
        return
    kind, file = core.origin_of(name, None, spec)
    attributes = (("sentinel.module.name", name), ("sentinel.module.kind", kind), ("sentinel.module.path", file))
    release = distributions.release_of(name, file) if file is not None and kind in ("distribution", "local") else None
    facts = (("sentinel.distribution.name", release[0]), ("sentinel.distribution.version", release[1])) if release is not None else ()
    if deciding.would_match(core.Activity("module.import", attributes), facts):
        found = core.activity("module.import", attributes)
        found.count = 1
        found.changes = {**(found.changes or {}), **dict(facts)}
        deciding.decide(found, facts)
        if found.refusal is not None:
            _refused[name] = found
            core.refuse(found)
            return
    if sys.meta_path and sys.meta_path[0] is boot.STATE:
        patching.hand_over(name, spec)


core.FORGETTERS.append(_refused.clear)
