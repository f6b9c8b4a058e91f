import sqlite3

source = sqlite3.connect("source.sqlite")
source.execute("create table t(a)")
source.commit()
target = sqlite3.connect("backup.sqlite")
source.backup(target)
print(target.execute("select name from sqlite_master").fetchall())
