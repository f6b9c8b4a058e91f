cursor.execute("SELECT name FROM vendors WHERE id = '%s'" % vendor)  # finding: weak-sql-string
cursor.execute(f"DELETE FROM vendors WHERE id = {vendor}")  # finding: weak-sql-string
query = "SELECT " + columns + " FROM vendors"  # finding: weak-sql-string
query = "UPDATE vendors SET name = '{}'".format(name)  # finding: weak-sql-string
query = ("INSERT INTO vendors " "VALUES('%s')" % name)  # finding: weak-sql-string
cursor.execute("SELECT name FROM vendors WHERE id = ?", (vendor,))  # ok: weak-sql-string
print("Select a vendor: %s" % name)  # ok: weak-sql-string
