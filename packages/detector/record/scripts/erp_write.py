"""Changes invoices in the database of the ERP."""

import sqlite3

erp = sqlite3.connect("erp.sqlite")
erp.execute("UPDATE invoices SET status = 'paid' WHERE amount < 50")
erp.execute("INSERT INTO invoices (amount, status) VALUES (10, 'open')")
erp.commit()
