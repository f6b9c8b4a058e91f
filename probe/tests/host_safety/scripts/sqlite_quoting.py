import sqlite3

c = sqlite3.connect(":memory:")
c.execute('CREATE TABLE "frame" ("index" BIGINT, "a b" TEXT)')
c.executemany('INSERT INTO "frame" ("index", "a b") VALUES (?, ?)', [(1, "x"), (2, "y")])
for text in (
    "select [a b] from frame where \"index\" = 1",
    "select 'it''s' /* ' */ -- '\n",
    "select \"nonsense\" from frame limit 1",
    "select $a, :b, @c, ?4",
    "with r(n) as (values(1) union all select n + 1 from r where n < 3) select sum(n) from r",
    "select (((",
    "select 'open",
    "\0",
    "",
    ";;;",
    "--",
    "select x'zz'",
):
    try:
        print(c.execute(text, {"a": 1, "b": 2, "c": 3, "4": 4} if "$a" in text else ()).fetchall())
    except Exception as error:
        print(type(error).__name__, error)
