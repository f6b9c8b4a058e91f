"""Reads all customers."""

import sqlite3

crm = sqlite3.connect("crm.sqlite")
print(len(crm.execute("SELECT name, email FROM customers").fetchall()))
