# options: -X dev
import os, sqlite3
c = sqlite3.connect(':memory:'); c.execute('select 1').fetchall(); c.close()
print(sorted(os.listdir('.')) is not None)
