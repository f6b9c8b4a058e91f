import sqlite3

connection = sqlite3.connect(":memory:")
connection.execute("create table t(a)")
print(connection.execute("select * from t").fetchall())
