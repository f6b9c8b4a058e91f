"""Stand-in for pywin32's C module `pythoncom`, beneath pywin32's own Python code: a tiny Excel, Outlook and SAP GUI.

Objects answer GetIDsOfNames and Invoke as late-bound COM objects without type information do.
"""

import pywintypes
from pywintypes import IID, com_error

ole_error = error = com_error
Missing = object()
Empty = object()
IID_IDispatch = IID("{00020400-0000-0000-C000-000000000046}")
IID_IUnknown = IID("{00000000-0000-0000-C000-000000000046}")
IID_NULL = IID("{00000000-0000-0000-0000-000000000000}")
INVOKE_FUNC = DISPATCH_METHOD = 1
INVOKE_PROPERTYGET = DISPATCH_PROPERTYGET = 2
INVOKE_PROPERTYPUT = DISPATCH_PROPERTYPUT = 4
INVOKE_PROPERTYPUTREF = DISPATCH_PROPERTYPUTREF = 8
DISPID_VALUE, DISPID_NEWENUM = 0, -4
CLSCTX_INPROC, CLSCTX_SERVER, CLSCTX_ALL = 3, 21, 23
RecordClasses = {}


class com_record:
    pass


class PyIUnknown:
    pass


class PyIDispatch(PyIUnknown):
    """A late-bound object: names to values (properties) and functions (methods)."""

    def __init__(self, members):
        self._names = list(members)
        self._values = [members[name] for name in self._names]

    def QueryInterface(self, iid):
        return self

    def GetTypeInfo(self, *args):
        raise com_error(-2147352567, "no type information", None, None)

    def GetIDsOfNames(self, lcid, name):
        if name not in self._names:
            raise com_error(-2147352570, "Unknown name.", None, None)
        return self._names.index(name) + 1

    def Invoke(self, dispid, lcid, flags, result_wanted, *args):
        value = self._values[dispid - 1]
        if not callable(value):
            return value
        if not flags & DISPATCH_METHOD:
            raise com_error(-2147352573, "Member not found.", None, None)
        return value(*args)

    def InvokeTypes(self, dispid, lcid, flags, result_type, argument_types, *args):
        return self.Invoke(dispid, lcid, DISPATCH_METHOD, 1, *args)


TypeIIDs = {IID_IDispatch: PyIDispatch, IID_IUnknown: PyIUnknown}


def _item():
    attachments = PyIDispatch({"Add": lambda path: None, "Count": 0})
    return PyIDispatch({"Send": lambda: None, "Subject": "hunter2", "Attachments": attachments})


def _servers():
    book = PyIDispatch({"SaveAs": lambda path: None, "Close": lambda save=False: None})
    books = PyIDispatch({"Open": lambda path: book, "Add": lambda: book})
    session = PyIDispatch({"findById": lambda path: PyIDispatch({"press": lambda: None})})
    connection = PyIDispatch({"Children": lambda at: session})
    engine = PyIDispatch({"Children": lambda at: connection})
    return {
        "Excel.Application": PyIDispatch({"Workbooks": books, "Version": "16.0", "Quit": lambda: None}),
        "Outlook.Application": PyIDispatch({"CreateItem": lambda kind: _item()}),
        "SAPGUI": PyIDispatch({"GetScriptingEngine": engine}),
    }


_SERVERS = _servers()


def _find(name):
    found = _SERVERS.get(str(name))
    if found is None:
        raise com_error(-2147221005, "Invalid class string", None, None)
    return found


def connect(name):
    raise com_error(-2147221021, "Operation unavailable", None, None)


def CoCreateInstance(clsid, unknown, context, iid):
    return _find(clsid)


def CoCreateInstanceEx(clsid, unknown, context, server, iids):
    return (_find(clsid),)


def GetActiveObject(clsid):
    return _find(clsid)


def MkParseDisplayName(name):
    class Moniker:
        def BindToObject(self, context, left, iid):
            return _find(name)

    return Moniker(), len(name), None


def __getattr__(name):
    """Constants that only their existence matters of."""
    if name.isupper() or name.startswith(("VT_", "TKIND_", "DESCKIND_")):
        return 0
    raise AttributeError(name)


assert pywintypes
