"""An own list of tasks in SQLite."""

import sqlite3
database = sqlite3.connect("todo.sqlite")
database.execute("create table if not exists task (what text, done int)")
database.execute("insert into task values ('water the plants', 0)")
database.commit()
print(database.execute("select what from task where done = 0").fetchall())
