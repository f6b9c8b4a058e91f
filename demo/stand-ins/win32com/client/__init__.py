"""Stand-in for ``win32com.client``: the running object "SAPGUI", and a refusal for everything else."""

from pywintypes import com_error

_MK_E_UNAVAILABLE = -2147221021
_CO_E_CLASSSTRING = -2147221005


def GetObject(Pathname=None, Class=None, clsctx=None):
    """Gives the running object of that name.

    Raises:
        com_error: No such object runs. As on Windows where SAP GUI is not open.
    """
    if Pathname == "SAPGUI":
        from win32com.client._sap_gui import SapGuiAuto

        return SapGuiAuto()
    raise com_error(_MK_E_UNAVAILABLE, "Operation unavailable", None, None)


def Dispatch(dispatch, userName=None, resultCLSID=None, typeinfo=None, clsctx=None):
    """Refuses: no COM class is installed here.

    Raises:
        com_error: Always.
    """
    raise com_error(_CO_E_CLASSSTRING, "Invalid class string", None, None)


DispatchEx = Dispatch
