import sqlite3

connection = sqlite3.connect("wal.sqlite")
connection.execute("pragma journal_mode=wal")
connection.execute("create table t(a)")
connection.execute("insert into t values(1)")
connection.commit()
other = sqlite3.connect("wal.sqlite")
print(other.execute("select * from t").fetchall())
other.close()
connection.close()
