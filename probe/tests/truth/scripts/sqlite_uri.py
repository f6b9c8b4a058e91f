import sqlite3

sqlite3.connect("plain.sqlite").execute("create table t(a)")
connection = sqlite3.connect("file:plain.sqlite?mode=ro", uri=True)
print(connection.execute("select count(*) from t").fetchone())
