"""Reads three customers."""

import sqlite3

crm = sqlite3.connect("crm.sqlite")
print(len(crm.execute("SELECT name FROM customers LIMIT 3").fetchall()))
