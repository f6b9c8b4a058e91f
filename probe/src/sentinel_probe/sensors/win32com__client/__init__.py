"""Applications driven through COM with pywin32: Excel, Word, Outlook, SAP GUI, WMI.

Watches: `Dispatch`, `DispatchEx`, `GetObject` and `GetActiveObject` of `win32com.client`, `gencache.EnsureDispatch`, and of late-bound objects
the members that are taken.
Emits: com.call, one for each object and member; document.use for what Office is told to open or save; mail.send where `Send` of an Outlook
object is taken.
Leaves alone and why: arguments and results but for the path of a document (never looked at); members of objects with a generated class
(their methods call C directly; the object itself is told); properties that are set; events.
A moniker is cut at its first punctuation ("winmgmts"), a path becomes `(file)`. Members count when they are taken, which is when they are called.
Versions: pywin32 300 and up. Source: https://github.com/mhammond/pywin32/tree/main/com/win32com/client
"""

from ... import calls, core, documents, errors, patching

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List, Set, Tuple

VERSIONS = ">=300"
EMITS = ("com.call", "document.use", "mail.send")
PATCHES = ("win32com.client",)

UNDO: "List[Any]" = []
_inside: "Set[int]" = set()
#: ProgID and member to their record.
_members: "Dict[Tuple[str, str], core.Activity]" = {}
#: Members named of one object; further ones are one.
MOST_MEMBERS = 60
_named: "Dict[str, int]" = {}
#: Method of Office to what it does to a document.
DOCUMENT_METHODS = {
    **dict.fromkeys(["Open", "OpenText"], "read"),
    **dict.fromkeys(["SaveAs", "SaveAs2", "SaveCopyAs", "ExportAsFixedFormat", "SaveAsFile"], "write"),
}
_OFFICE = ("excel.", "word.", "powerpoint.", "outlook.", "access.", "visio.")


def instrument(module: "Any") -> None:
    """Patches the functions that give objects, and the class of late-bound ones."""
    if UNDO:
        return
    for name in ("Dispatch", "DispatchEx", "GetObject", "GetActiveObject"):
        calls.watch(module, name, _given(name), UNDO, _inside)
    generated = getattr(module, "gencache", None)
    if generated is not None:
        calls.watch(generated, "EnsureDispatch", _given("EnsureDispatch"), UNDO, _inside)
    dynamic = getattr(module, "dynamic", None)
    kind = getattr(dynamic, "CDispatch", None)
    if kind is not None:
        patching.patch(kind, "__getattr__", _make_getattr, UNDO)
        for each in (kind, getattr(module, "CDispatch", None)):
            if each is not None and "_wrap_dispatch_" in vars(each):
                patching.patch(each, "_wrap_dispatch_", _make_wrap, UNDO)
        patching.patch(kind, "_ApplyTypes_", _make_apply, UNDO)


def uninstrument() -> None:
    """Takes the patches back."""
    patching.restore(UNDO)


def prog_id(given: object) -> str:
    """What an object was asked for by: ProgID, class id, kind of moniker, `(file)`, or `(object)`."""
    text = str(given) if isinstance(given, str) or type(given).__name__ in ("PyIID", "IID", "GUID") else ""
    if text[:1] == "{" or text.replace(".", "").replace("_", "").isalnum():
        return text[:80]
    head = text.partition(":")[0].partition("{")[0]
    if len(head) > 1 and head != text and head.isalnum():
        return head
    return "(file)" if text else "(object)"


def _given(call: str) -> "Any":
    def seen(args: "Tuple[Any, ...]", named: "Any", result: "Any") -> None:
        names = ("dispatch", "clsid", "Class", "Pathname", "prog_id")
        given = next((each for each in (*args[:2], *[named.get(name) for name in names]) if each), None)
        name = prog_id(given)
        if name == "(object)":  # a COM object that is wrapped: pywin32 does so with everything that a member gives
            return
        core.count("com.call", (("sentinel.com.prog_id", name), ("sentinel.com.member", call), ("sentinel.library.name", "win32com")))
        if call == "GetObject" and name == "(file)":
            documents.used("win32com", "read", given, "xlsx", is_by_ending=True)
        _mark(result, name)

    return seen


def _mark(result: "Any", name: str) -> None:
    """Has a late-bound object know what it belongs to; in its description, where nobody looks for attributes."""
    own = getattr(result, "__dict__", None)
    description = own.get("_olerepr_") if type(own) is dict else None
    if description is not None:
        description._sentinel_root = name


def _root(target: "Any") -> str:
    own = target.__dict__
    return getattr(own.get("_olerepr_"), "_sentinel_root", None) or prog_id(own.get("_username_"))


def _make_getattr(original: "Any") -> "Any":
    def __getattr__(self: "Any", attr: str) -> "Any":
        try:
            result = original(self, attr)
        except BaseException as error:
            patching.strip(error)
            raise
        if attr[:1] != "_":
            try:
                root = _root(self)
                found = _members.get((root, attr))
                if found is None:
                    core.slow(_taken, root, attr)
                else:
                    core.touch(found)
                _mark(result, root)
            except BaseException as error:
                if errors.survive("com", error, UNDO):
                    raise
        return result

    return patching.disguise(__getattr__, original)


def _taken(root: str, member: str) -> None:
    if root[:8].lower() == "outlook." and member == "Send":
        core.count("mail.send", (("sentinel.library.name", "win32com"),))
    else:
        seen = _named[root] = _named.get(root, 0) + 1
        found = core.count(
            "com.call",
            (
                ("sentinel.com.prog_id", root),
                ("sentinel.com.member", member if seen <= MOST_MEMBERS else core.OTHER),
                ("sentinel.library.name", "win32com"),
            ),
        )
        if len(_members) < core.MOST_ACTIVITIES:
            _members[root, member] = found


def _make_wrap(original: "Any") -> "Any":
    def _wrap_dispatch_(self: "Any", *args: "Any", **named: "Any") -> "Any":
        try:
            result = original(self, *args, **named)
        except BaseException as error:
            patching.strip(error)
            raise
        try:
            _mark(result, _root(self))
        except BaseException as error:
            if errors.survive("com", error, UNDO):
                raise
        return result

    return patching.disguise(_wrap_dispatch_, original)


def _make_apply(original: "Any") -> "Any":
    def _ApplyTypes_(self: "Any", dispid: "Any", wFlags: "Any", retType: "Any", argTypes: "Any", user: "Any", resultCLSID: "Any", *args: "Any") -> "Any":
        try:
            result = original(self, dispid, wFlags, retType, argTypes, user, resultCLSID, *args)
        except BaseException as error:
            patching.strip(error)
            raise
        if user in DOCUMENT_METHODS:
            try:
                core.slow(_document, _root(self), user, args)
            except BaseException as error:
                if errors.survive("com", error, UNDO):
                    raise
        return result

    return patching.disguise(_ApplyTypes_, original)


def _document(root: str, method: str, args: "Tuple[Any, ...]") -> None:
    path = next((each for each in args if isinstance(each, str) and each), None)
    if path is not None and root.lower().startswith(_OFFICE):
        documents.used("win32com", DOCUMENT_METHODS[method], path, "xlsx" if root[:5].lower() == "excel" else "office", is_by_ending=True)


def _forget() -> None:
    _members.clear()
    _named.clear()


core.FORGETTERS.append(_forget)
