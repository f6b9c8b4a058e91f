"""
Nightly export of general ledger line items from SAP to Excel.

Logs on to the running SAP GUI, opens transaction FAGLL03, reads the result list and saves it
as an Excel workbook in my OneDrive so that I can work on it from home.

Requirements:
    pip install pywin32 openpyxl
"""

import configparser
import os
import subprocess
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import win32com.client
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

# ---------------------------------------------------------------------------
# Configuration
# ---------------------------------------------------------------------------
settings = configparser.ConfigParser(interpolation=None)
settings.read(Path(__file__).with_name("settings.ini"), encoding="utf-8")

COMPANY_CODE = settings.get("sap", "company_code")
ACCOUNT_FROM = settings.get("sap", "account_from")
ACCOUNT_TO = settings.get("sap", "account_to")
OUTPUT_FOLDER = Path(settings.get("output", "folder"))


def connect_to_sap():
    """Attach to the SAP GUI session that is already open."""
    sap_gui = win32com.client.GetObject("SAPGUI")
    application = sap_gui.GetScriptingEngine
    connection = application.Children(0)
    session = connection.Children(0)
    print(f"Connected to SAP system {session.Info.SystemName} as {session.Info.User}")
    return session


def run_line_item_report(session):
    """Start FAGLL03 for all items of our company code and return the result grid."""
    session.findById("wnd[0]").maximize()
    session.findById("wnd[0]/tbar[0]/okcd").text = "/nFAGLL03"
    session.findById("wnd[0]").sendVKey(0)
    session.findById("wnd[0]/usr/ctxtSD_SAKNR-LOW").text = ACCOUNT_FROM
    session.findById("wnd[0]/usr/ctxtSD_SAKNR-HIGH").text = ACCOUNT_TO
    session.findById("wnd[0]/usr/ctxtSD_BUKRS-LOW").text = COMPANY_CODE
    session.findById("wnd[0]/usr/radX_AISEL").select()
    session.findById("wnd[0]/tbar[1]/btn[8]").press()
    print("SAP says:", session.findById("wnd[0]/sbar").text)
    return session.findById("wnd[0]/usr/cntlGRID1/shellcont/shell")


def parse_amount(text):
    """Convert an SAP amount like '1.234,56-' to a number."""
    text = text.strip().replace(".", "").replace(",", ".")
    if text.endswith("-"):
        text = "-" + text[:-1]
    return Decimal(text or "0")


def parse_date(text):
    """Convert an SAP date like '31.12.2025' to a date."""
    return datetime.strptime(text, "%d.%m.%Y").date()


def read_grid(grid):
    """Read every row of the grid. SAP only loads visible rows, so we have to scroll."""
    columns = [grid.ColumnOrder(i) for i in range(grid.ColumnCount)]
    page_size = grid.VisibleRowCount
    rows = []
    for row in range(grid.RowCount):
        if row % page_size == 0:
            grid.firstVisibleRow = row
        values = {}
        for column in columns:
            text = grid.GetCellValue(row, column)
            if column in ("DMBTR", "WRBTR"):
                values[column] = parse_amount(text)
            elif column in ("BUDAT", "BLDAT"):
                values[column] = parse_date(text)
            else:
                values[column] = text
        rows.append(values)
    titles = [grid.GetDisplayedColumnTitle(column) for column in columns]
    return columns, titles, rows


def save_workbook(columns, titles, rows):
    """Write the rows to a workbook in OneDrive and return its path."""
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = "GL line items"
    sheet.append(titles)
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for row in rows:
        sheet.append([row[column] for column in columns])
    for index in range(1, len(columns) + 1):
        sheet.column_dimensions[get_column_letter(index)].width = 18
    sheet.freeze_panes = "A2"

    OUTPUT_FOLDER.mkdir(parents=True, exist_ok=True)
    path = OUTPUT_FOLDER / f"GL_{COMPANY_CODE}_{date.today():%Y%m%d}.xlsx"
    workbook.save(path)
    return path


def show_folder(folder):
    """List the folder so that I can see in the log that the file is there."""
    if os.name == "nt":
        command = ["cmd", "/c", "dir", str(folder)]
    else:
        command = ["ls", "-l", str(folder)]
    subprocess.run(command, check=False)


def main():
    print("Starting nightly GL export...")
    session = connect_to_sap()
    grid = run_line_item_report(session)
    columns, titles, rows = read_grid(grid)
    print(f"Read {len(rows):,} line items")
    path = save_workbook(columns, titles, rows)
    print(f"Saved {path} ({path.stat().st_size / 1024:.0f} KB)")
    show_folder(path.parent)
    print("Done!")


if __name__ == "__main__":
    main()
