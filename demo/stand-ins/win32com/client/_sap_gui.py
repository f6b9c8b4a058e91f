"""
The part of SAP GUI Scripting's object model that export scripts use, over a SQLite file.

SAPGUI > GetScriptingEngine > connection > session > windows, fields, buttons, and the result grid. Names are matched
without regard to case, as COM does it. One transaction is known: FAGLL03, general ledger line items.

Source: SAP GUI Scripting API, GuiApplication, GuiSession, GuiGridView.
"""

import os
import sqlite3
import sys
from pathlib import Path

from pywintypes import com_error

_DISP_E_EXCEPTION = -2147352567
_VISIBLE_ROWS = 500

# Column of the grid: technical name, title on the screen, expression that formats it as SAP GUI shows it.
_GERMAN_DATE = "substr({0},9,2)||'.'||substr({0},6,2)||'.'||substr({0},1,4)"
_COLUMNS = (
    ("BUKRS", "Company Code", "bukrs"),
    ("HKONT", "G/L Account", "hkont"),
    ("BELNR", "Document Number", "belnr"),
    ("BUDAT", "Posting Date", _GERMAN_DATE.format("budat")),
    ("BLDAT", "Document Date", _GERMAN_DATE.format("bldat")),
    ("KOSTL", "Cost Center", "kostl"),
    ("DMBTR", "Amount in Local Currency", "dmbtr"),
    ("WAERS", "Currency", "waers"),
    ("SGTXT", "Text", "sgtxt"),
    ("USNAM", "User Name", "usnam"),
)


def _refuse(text):
    return com_error(_DISP_E_EXCEPTION, "Exception occurred.", (619, "saplogon", text, None, 0, _DISP_E_EXCEPTION), None)


def _amount(cents):
    """'1.234,56-' from -123456."""
    text = f"{abs(cents) / 100:,.2f}".replace(",", " ").replace(".", ",").replace(" ", ".")
    return text + "-" if cents < 0 else text


def _database():
    """The file that stands for the SAP system: named by the environment, else beside the demo's Python."""
    named = os.environ.get("SENTINEL_DEMO_SAP_DATABASE")
    path = Path(named) if named else Path(sys.prefix).parent / "databases" / "sap.sqlite"
    if not path.is_file():
        raise _refuse(f"The demo's SAP database {path} is not there; run 'sentinel demo' once.")
    return sqlite3.connect(path)


class _ComObject:
    """Finds members without regard to case."""

    def __getattr__(self, name):
        for member in dir(type(self)):
            if member.lower() == name.lower() and member != name:
                return getattr(self, member)
        raise AttributeError(f"<unknown>.{name}")

    def __setattr__(self, name, value):
        for member in dir(type(self)):
            if member.lower() == name.lower():
                name = member
                break
        object.__setattr__(self, name, value)


class SapGuiAuto(_ComObject):
    """What ``GetObject("SAPGUI")`` gives."""

    @property
    def GetScriptingEngine(self):
        return _Container(_Container(_Session()))


class _Container(_ComObject):
    """GuiApplication and GuiConnection: an object with one child."""

    def __init__(self, child):
        self._child = child

    def Children(self, index):
        if index != 0:
            raise _refuse("The enumerator of the collection cannot find an element with the specified index.")
        return self._child


class _Info(_ComObject):
    SystemName = "DEM"
    Client = "100"
    User = "FANALYST"
    Transaction = "SESSION_MANAGER"


class _Session(_ComObject):
    """GuiSession: controls by id. Only what is on the present screen can be found."""

    def __init__(self):
        self.Info = _Info()
        self._show_menu()

    def findById(self, id, raise_=True):
        control = self._screen.get(id)
        if control is None and raise_:
            raise _refuse("The control could not be found by id.")
        return control

    def _show_menu(self):
        self._screen = {
            "wnd[0]": _Window(self),
            "wnd[0]/tbar[0]/okcd": _Field(),
            "wnd[0]/sbar": _Field(),
        }

    def _enter(self):
        """The Enter key: starts the transaction that the command field names."""
        command = self.findById("wnd[0]/tbar[0]/okcd").text.upper()
        if command not in ("/NFAGLL03", "FAGLL03"):
            self.findById("wnd[0]/sbar").text = f"Transaction {command.removeprefix('/N')} does not exist"
            return
        self._show_menu()
        self.Info.Transaction = "FAGLL03"
        for field in ("SD_SAKNR-LOW", "SD_SAKNR-HIGH", "SD_BUKRS-LOW"):
            self._screen[f"wnd[0]/usr/ctxt{field}"] = _Field()
        self._screen["wnd[0]/usr/radX_AISEL"] = _Button(lambda: None)
        self._screen["wnd[0]/tbar[1]/btn[8]"] = _Button(self._execute)

    def _execute(self):
        """F8: shows the result list."""
        grid = _Grid(*(self.findById(f"wnd[0]/usr/ctxtSD_{field}").text for field in ("BUKRS-LOW", "SAKNR-LOW", "SAKNR-HIGH")))
        self._screen["wnd[0]/usr/cntlGRID1/shellcont/shell"] = grid
        self.findById("wnd[0]/sbar").text = f"{grid.RowCount:,} items displayed".replace(",", ".")


class _Field(_ComObject):
    """GuiCTextField, GuiOkCodeField, GuiStatusbar."""

    text = ""


class _Window(_ComObject):
    """GuiMainWindow."""

    def __init__(self, session):
        self._session = session

    def maximize(self):
        pass

    def sendVKey(self, key):
        if key == 0:
            self._session._enter()
        elif key == 8:
            self._session.findById("wnd[0]/tbar[1]/btn[8]").press()


class _Button(_ComObject):
    """GuiButton, GuiRadioButton."""

    def __init__(self, act):
        self._act = act

    def press(self):
        self._act()

    def select(self):
        self._act()


class _Grid(_ComObject):
    """GuiGridView. As in SAP GUI, cells that were never scrolled into view are empty."""

    VisibleRowCount = _VISIBLE_ROWS

    def __init__(self, company_code, account_from, account_to):
        self._where = (company_code, account_from, account_to)
        self._connection = _database()
        self._count = 0
        self._position = {name: index for index, (name, _, _) in enumerate(_COLUMNS)}
        self._rows = {}
        self._first = 0
        self._load()

    @property
    def RowCount(self):
        return self._count

    @property
    def ColumnCount(self):
        return len(_COLUMNS)

    def ColumnOrder(self, index):
        return _COLUMNS[index][0]

    def GetDisplayedColumnTitle(self, column):
        return _COLUMNS[self._position[column]][1]

    @property
    def FirstVisibleRow(self):
        return self._first

    @FirstVisibleRow.setter
    def FirstVisibleRow(self, row):
        self._first = row
        self._load()

    def GetCellValue(self, row, column):
        if row < 0 or row >= self._count or column not in self._position:
            raise _refuse("The method got an invalid argument.")
        values = self._rows.get(row)
        if values is None:
            return ""
        value = values[self._position[column]]
        return _amount(value) if column == "DMBTR" else str(value)

    def _load(self):
        if self._first in self._rows:
            return
        expressions = ", ".join(expression for _, _, expression in _COLUMNS)
        rows = self._connection.execute(
            f"SELECT {expressions}, count(*) OVER () FROM line_items WHERE bukrs = ? AND hkont BETWEEN ? AND ?"
            " ORDER BY id LIMIT ? OFFSET ?",
            (*self._where, _VISIBLE_ROWS, self._first),
        ).fetchall()
        for offset, values in enumerate(rows):
            self._rows[self._first + offset] = values
            self._count = values[-1]
