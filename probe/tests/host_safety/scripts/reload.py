import importlib, json, socket, sqlite3
importlib.reload(json); importlib.reload(sqlite3)
print(importlib.reload(socket).socket, json.loads('[1]'), sqlite3.connect(':memory:').execute('select 1').fetchall())
