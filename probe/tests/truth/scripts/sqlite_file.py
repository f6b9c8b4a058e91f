import sqlite3

connection = sqlite3.connect("data.sqlite")
connection.execute("create table t(a, b)")
with connection:
    connection.executemany("insert into t values(?, ?)", [(n, n) for n in range(100)])
print(connection.execute("select sum(a) from t").fetchone())
connection.close()
