"""Copies all customers into a file."""

import csv
import sqlite3

crm = sqlite3.connect("crm.sqlite")
with open("customers.csv", "w", newline="", encoding="utf-8") as file:
    csv.writer(file).writerows(crm.execute("SELECT name, email FROM customers").fetchall())
