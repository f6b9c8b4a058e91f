import sqlite3

sqlite3.connect("second.sqlite").execute("create table t(a)")
connection = sqlite3.connect("first.sqlite")
connection.execute("attach 'second.sqlite' as second")
connection.execute("insert into second.t values(1)")
connection.commit()
print(connection.execute("select * from second.t").fetchall())
