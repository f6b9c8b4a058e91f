"""Distributions that pip is about to build or install.

Watches: `RequirementPreparer.prepare_linked_requirement` (before the code of a source distribution, a repository or a folder runs to give its
metadata), `RequirementPreparer.prepare_linked_requirements_more` (what the resolver chose, before it is downloaded whole) and
`InstallRequirement.install` (what neither of them saw: editable ones, the old resolver's), for `pip install`, `pip wheel` and `pip download`,
by whatever name pip is started: its process is a Python process.
Emits: package.install, one for each distribution: name and version, how it is had, host that it comes from.
Leaves alone and why: wheels that the resolver looks at and does not choose (none of their code runs); what pip takes to build others is
installed by a pip of its own, which is a run. Paths and URLs are not kept: they may hold credentials.
A refusal is an error of pip's own kind, so pip says it in one line and ends with 1.
Versions: pip 19.2 to 26. Source: https://pip.pypa.io/en/stable/cli/pip_install/, PEP 427 and PEP 625 (file names)
"""

import sys

from ... import core, distributions, errors, patching

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, List, Optional, Tuple

VERSIONS = ">=19.2"
EMITS = ("package.install",)
PATCHES = ("pip._internal.operations.prepare", "pip._internal.req.req_install")

UNDO: "List[Any]" = []
#: Whether both modules were seen; a list that is `UNDO` cannot tell.
_patched: "set[str]" = set()
#: Releases counted in this process.
_seen: "set[Tuple[str, str]]" = set()
_kinds: "List[Any]" = []


def instrument(module: "Any") -> None:
    """Patches what of pip this module has."""
    if module.__name__ in _patched or patching.is_off(UNDO):
        return
    _patched.add(module.__name__)
    preparer = getattr(module, "RequirementPreparer", None)
    if preparer is not None:
        _before(preparer, "prepare_linked_requirement", lambda args: [args[0]] if args and not _is_wheel(args[0]) else [])
        _before(preparer, "prepare_linked_requirements_more", lambda args: list(args[0]) if args else [])
    requirement = getattr(module, "InstallRequirement", None)
    if module.__name__ == "pip._internal.req.req_install" and requirement is not None:
        _before(requirement, "install", None)


def uninstrument() -> None:
    """Takes the patches back."""
    patching.restore(UNDO)
    _patched.clear()


def _before(owner: "Any", name: str, chosen: "Any") -> None:
    """Has the requirements that `chosen` picks of the arguments told before the method runs; None: the object itself, where nobody told of it."""

    def make(original: "Any") -> "Any":
        def call(self, *args, **named):  # type: ignore[no-untyped-def]
            try:
                for each in [self] if chosen is None else chosen(args or tuple(named.values())):
                    _tell(each, chosen is None)
            except BaseException as error:
                if getattr(error, "is_sentinel_block", False):
                    raise _as_pips(error) from None
                if errors.survive("pip", error, UNDO):
                    raise
            try:
                return original(self, *args, **named)
            except BaseException as error:
                patching.strip(error)
                raise

        return patching.disguise(call, original)

    patching.patch(owner, name, make, UNDO)


def _is_wheel(requirement: "Any") -> bool:
    link = getattr(requirement, "link", None)
    return link is None or bool(getattr(link, "is_wheel", False))


def _tell(requirement: "Any", is_last: bool) -> None:
    release = _release(requirement)
    if release is None or release in _seen or (is_last and release[0] in [name for name, _ in _seen]):
        return
    link = getattr(requirement, "link", None)
    core.slow(_count, release, _source(link), _host(link))
    _seen.add(release)


def _count(release: "Tuple[str, str]", source: str, host: "Optional[str]") -> None:
    core.count("package.install", distributions.install_facts("pip", release[0], release[1], source, host))


def _release(requirement: "Any") -> "Optional[Tuple[str, str]]":
    """Normalised name and version, the version empty where only the metadata will tell."""
    name = getattr(requirement, "name", None)
    link = getattr(requirement, "link", None)
    file = str(getattr(link, "filename", "") or "")
    found = distributions.release_of_file(file, name)
    if found is not None:
        return found
    if not name:
        name = str(getattr(link, "egg_fragment", "") or "")
    if not name:
        return None
    version = ""
    try:
        version = str(requirement.metadata["Version"] or "") if getattr(requirement, "metadata_directory", None) else ""
    except Exception:  # of pip's: not there yet
        pass
    return distributions.normalised(str(name)), version


def _source(link: "Any") -> str:
    if link is None:
        return "path"
    if getattr(link, "is_vcs", False):
        return "vcs"
    if str(getattr(link, "scheme", "")) == "file":
        return "path"
    return "index" if getattr(link, "comes_from", None) else "url"


def _host(link: "Any") -> "Optional[str]":
    place = str(getattr(link, "netloc", "") or "")
    return place.rpartition("@")[2].partition(":")[0].lower() or None


def _as_pips(error: "Any") -> BaseException:
    """The refusal as an error that pip shows in one line."""
    if not _kinds:
        pips = sys.modules.get("pip._internal.exceptions")
        base = getattr(pips, "InstallationError", None)
        kind = type(error)
        _kinds.append(type(kind.__name__, (kind, base), {"__module__": kind.__module__}) if isinstance(base, type) else kind)
    again = _kinds[0](*error.args)
    again.policy, again.statement, again.reason = error.policy, error.statement, error.reason
    return again  # type: ignore[no-any-return]


core.FORGETTERS.append(_seen.clear)
