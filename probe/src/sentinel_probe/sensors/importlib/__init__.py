"""Modules that the run imports.

Watches: the audit event `import` (import statements) and our finder's own event (`importlib.import_module` raises no `import`).
Emits: module.import, one for each top-level name, when it is first imported and only if it is there when the record is written.
Kind by place: builtin, stdlib, distribution (site-packages, dist-packages), local. Which distribution and version is found
by the reader from the path: reading installed metadata here would cost every start.
Leaves alone and why: modules of the standard library that the standard library itself imports (what `import asyncio` drags in
says nothing about the script); an import of what is already loaded raises no event, so a standard module that was dragged
in before is not reported either; modules that `site` loaded before the probe.
Versions: CPython 3.8 to 3.14. Source: PEP 451, https://docs.python.org/3/library/audit_events.html
"""

import sys
from time import time_ns

from ... import boot

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import Any, Optional, Tuple

VERSIONS = ">=3.8"
EMITS = ("module.import",)

#: Modules that a sensor patches as soon as they are imported: full name to folder. The contract test holds it against the sensors' PATCHES.
PATCHED = {
    "IPython.core.interactiveshell": "IPython__core__interactiveshell",
    "uvloop": "uvloop",
    "pycurl": "pycurl",
    "mcp.client.session": "mcp",
    "grpc.aio._server": "grpc",
    "grpc.aio._channel": "grpc",
    "grpc._server": "grpc",
    "grpc._channel": "grpc",
    "curl_cffi.curl": "curl_cffi",
    "curl_cffi.aio": "curl_cffi",
    "OpenSSL.SSL": "OpenSSL",
    "pymssql": "pymssql",
    "pymongo": "pymongo",
    "oracledb": "oracledb",
    "duckdb": "duckdb",
    "pyodbc": "pyodbc",
    "MySQLdb.connections": "MySQLdb",
    "MySQLdb.cursors": "MySQLdb",
    "PIL.ImageGrab": "PIL__ImageGrab",
    "aiomysql": "pymysql",
    "aiosmtplib": "aiosmtplib",
    "asyncpg": "asyncpg",
    "azure.storage.blob": "azure__storage__blob",
    "botocore.client": "botocore",
    "comtypes.client": "comtypes__client",
    "docx": "docx",
    "dropbox": "dropbox",
    "exchangelib": "exchangelib",
    "google.cloud.bigquery": "google__cloud__bigquery",
    "google.cloud.bigquery_storage_v1": "google__cloud__bigquery",
    "google.cloud.storage": "google__cloud__storage",
    "keyboard": "keyboard",
    "mss": "mss",
    "mysql.connector": "mysql_connector",
    "mysql.connector.aio": "mysql_connector",
    "openpyxl": "openpyxl",
    "pandas": "pandas",
    "pip._internal.operations.prepare": "pip",
    "pip._internal.req.req_install": "pip",
    "playwright._impl._browser_type": "playwright",
    "playwright._impl._page": "playwright",
    "playwright._impl.browser_type": "playwright",
    "playwright._impl.page": "playwright",
    "polars": "polars",
    "psycopg": "psycopg",
    "psycopg2": "psycopg2",
    "pyarrow.csv": "pyarrow",
    "pyarrow.dataset": "pyarrow",
    "pyarrow.feather": "pyarrow",
    "pyarrow.json": "pyarrow",
    "pyarrow.orc": "pyarrow",
    "pyarrow.parquet": "pyarrow",
    "pyautogui": "pyautogui",
    "pymysql": "pymysql",
    "pynput.keyboard": "pynput",
    "pynput.mouse": "pynput",
    "pypdf": "pypdf",
    "pyperclip": "pyperclip",
    "pywinauto": "pywinauto",
    "pyxlsb": "pyxlsb",
    "redis": "redis",
    "redis.asyncio": "redis",
    "selenium.webdriver.remote.webdriver": "selenium",
    "smtplib": "smtplib",
    "snowflake.connector": "snowflake__connector",
    "snowflake.connector.aio": "snowflake__connector",
    "sqlite3": "sqlite3",
    "tkinter": "tkinter",
    "win32clipboard": "win32clipboard",
    "win32com.client": "win32com__client",
    "xlrd": "xlrd",
    "xlsxwriter": "xlsxwriter",
}
STDLIB_NAMES: "Any" = getattr(sys, "stdlib_module_names", frozenset())

_seen = {"sitecustomize", "usercustomize"}  # what `site` looks for
_getframe = sys._getframe
#: What asks the policies; False where there are none, None until that is known.
_policed: "Any" = None


def on_import(args: "Tuple[Any, ...]") -> None:
    """import(module, filename, sys.path, sys.meta_path, sys.path_hooks), or our finder's (module, path, target)"""
    name = args[0]
    if _policed is not False and (_policed is None or len(args) == 3 or sys.meta_path[0] is not boot.STATE):
        _decide(args)
    if name in PATCHED and len(args) == 3 and _is_loading():
        boot.load("patching").watch(name, args[1], args[2], PATCHED[name])
    top = name.partition(".")[0]
    if top in _seen:
        return
    _seen.add(top)
    is_asked = _is_asked()
    if is_asked or top not in STDLIB_NAMES:
        boot.PENDING.append((top, time_ns(), is_asked))


def _is_asked() -> bool:
    """Whether code outside the standard library asks for the module."""
    frame: "Optional[FrameType]" = _getframe(2)
    while frame is not None:
        file = frame.f_code.co_filename
        is_machinery = file[:18] == "<frozen importlib." or file[-21:] == "importlib/__init__.py"
        if not (is_machinery or str(frame.f_globals.get("__name__")).startswith("sentinel_probe.")):
            return file[:7] != "<frozen" and (not file.startswith(boot.STDLIB) or "-packages" in file)
        frame = frame.f_back
    return False


def _decide(args: "Tuple[Any, ...]") -> None:
    """Has the policies decide before the import, where they speak of imports: seen by our finder, or where somebody's comes before it."""
    global _policed
    if _policed is None:
        _policed = boot.has_policy() and boot.load("import_policy")
        if _policed is False:
            return
    name = args[0]
    is_loading = _is_loading() if len(args) == 3 else sys.meta_path[0] is not boot.STATE
    if is_loading and _policed.is_to_be_decided(name) and (name.partition(".")[0] not in STDLIB_NAMES or _is_asked()):
        boot.load("core").slow(_policed.decide, name, *(args[1:] if len(args) == 3 else (None, None)))


def _is_loading() -> bool:
    """Whether the module is being imported, not merely looked for."""
    frame: "Optional[FrameType]" = _getframe(2)
    while frame is not None:
        code = frame.f_code
        if code.co_filename[:18] == "<frozen importlib.":
            if code.co_name == "_find_and_load_unlocked":
                return True
        elif not str(frame.f_globals.get("__name__")).startswith("sentinel_probe."):
            return False
        frame = frame.f_back
    return False


AUDIT = {"import": on_import, boot.FIND: on_import}
