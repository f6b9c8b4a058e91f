"""Reads invoices from the database of the ERP."""

import sqlite3

erp = sqlite3.connect("erp.sqlite")
print(len(erp.execute("SELECT amount, status FROM invoices").fetchall()))
