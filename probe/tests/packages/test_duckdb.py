"""DuckDB, and aiosqlite over sqlite3: engines that need no server."""

import unittest

from .databases import DatabaseTest


class DuckdbTest(DatabaseTest):
    NEWEST = ("duckdb==2.0.0", "pandas==3.1.1")
    OLDEST = ("duckdb==0.10.3", "pandas==1.5.3", "numpy==1.24.4")

    def test_statements_rows_files_and_errors(self):
        for python in self.each():
            run = self.watch(
                python,
                """
import duckdb, os, pickle
NAME = "shop%d.duckdb" % (os.environ.get("SENTINEL_SPOOL") is None)
if os.path.exists(NAME): os.remove(NAME)  # of another release
c = duckdb.connect(NAME)
c.execute("create table people(name varchar, age int)")
for i in range(20): c.execute("insert into people values('hunter2', ?)", [i])
c.executemany("insert into people values(?, ?)", [["a", i] for i in range(50)])
print(len(c.execute("select * from people where name = 'hunter2'").fetchall()), c.execute("select age from people order by 1").fetchone(), len(c.fetchmany(5)))
print(len(c.execute("select name from people").df()))
print(len(c.sql("select name, age from people").fetchall()))
c.execute("copy people to 'out.csv' (header)")
print(len(c.execute("select * from read_csv('out.csv')").fetchall()), len(c.execute("select name from 'out.csv'").fetchall()))
c.execute("copy (select 1 as one) to 'one.parquet' (format parquet)"); print(c.execute("select * from read_parquet(['one.parquet', 'one.parquet'])").fetchall())
try: c.execute("select * from nowhere")
except duckdb.Error as error: print(type(error).__name__)
print(duckdb.sql("select 42").fetchall(), duckdb.execute("select 43").fetchall(), c.cursor().execute("select count(*) from people").fetchall())
print(type(c), isinstance(c, duckdb.DuckDBPyConnection), duckdb.DuckDBPyConnection.execute.__name__, duckdb.connect.__name__)
try: pickle.dumps(c)
except TypeError as error: print(error)
with duckdb.connect() as d: print(d.execute("select 3").fetchall())
c.close()
c.execute("select 1")
""",
                1,
            )
            rows = [row for row in self.statements(run) if row[1]]
            self.assertEqual(
                rows,
                [
                    ("COPY", "people", 1, 0, 0),
                    ("DDL", "people", 1, 0, 0),
                    ("INSERT", "people", 21, 0, 0),
                    ("SELECT", "nowhere", 1, 0, 1),
                    ("SELECT", "people", 1, 1, 0),
                    ("SELECT", "people", 1, 6, 0),
                    ("SELECT", "people", 1, 20, 0),
                    ("SELECT", "people", 1, 70, 0),
                    ("SELECT", "people", 1, 70, 0),
                ],
            )
            path = self.folder + "/shop0.duckdb"
            self.assertEqual({self.place(r) for r in run.of("db.query") if r.get("db.collection.name")}, {("duckdb", None, None, path, None)})
            files = {(r["file.path"].rpartition("/")[2], r["sentinel.file.operation"]): r.count for r in run.of("file.open") if "out" in r["file.path"] or "one" in r["file.path"]}
            self.assertEqual(files, {("out.csv", "write"): 1, ("out.csv", "read"): 2, ("one.parquet", "write"): 1, ("one.parquet", "read"): 2})


class AiosqliteTest(DatabaseTest):
    NEWEST = ("aiosqlite==0.22.1",)
    OLDEST = ("aiosqlite==0.17.0",)

    def test_statements_count_once(self):
        for python in self.each():
            run = self.watch(
                python,
                """
import asyncio, aiosqlite
async def main():
    async with aiosqlite.connect(":memory:") as db:
        await db.execute("create table people(name text, age int)")
        for i in range(10): await db.execute("insert into people values('hunter2', ?)", (i,))
        await db.executemany("insert into people values(?, ?)", [("a", 1)] * 5)
        async with db.execute("select * from people") as cursor: print(len(await cursor.fetchall()))
        print(len(await db.execute_fetchall("select name from people")))
        try: await db.execute("select * from nowhere")
        except Exception as error: print(type(error))
asyncio.run(main())
""",
            )
            self.assertEqual(
                self.statements(run),
                [("DDL", "people", 1, 0, 0), ("INSERT", "people", 11, 15, 0), ("SELECT", "nowhere", 1, 0, 1), ("SELECT", "people", 1, 15, 0), ("SELECT", "people", 1, 15, 0)],
            )
            self.assertEqual(sum(r.count for r in run.of("db.connect")), 1)


if __name__ == "__main__":
    unittest.main()
