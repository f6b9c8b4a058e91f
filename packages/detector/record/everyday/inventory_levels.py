"""Stock of an own database, which articles run out."""

import sqlite3
with sqlite3.connect("stock.sqlite") as database:
    database.execute("create table if not exists article (name text, amount int)")
    database.executemany("insert into article values (?, ?)", [(f"part {n}", n % 9) for n in range(300)])
    print(database.execute("select count(*) from article where amount < 2").fetchone())
