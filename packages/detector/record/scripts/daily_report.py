"""Reads rows of a database and reports their number."""

import os
import sqlite3
import urllib.request

database = sqlite3.connect(os.environ.get("REPORT_DATABASE", "crm.sqlite"))
rows = database.execute("SELECT * FROM customers LIMIT ?", (int(os.environ.get("REPORT_ROWS", "20")),)).fetchall()
host = os.environ.get("REPORT_HOST", "intranet.corp")
urllib.request.urlopen(urllib.request.Request(f"http://{host}:8080/in", str(len(rows)).encode()), timeout=10).read()
