"""psycopg 3 (binary and pure), asyncpg and SQLAlchemy over them, against a real PostgreSQL."""

import unittest

from .. import services
from .databases import DatabaseTest

CONNECT = """
import os, psycopg
from psycopg import sql
E = os.environ
D = dict(host=E["DB_HOST"], port=E["DB_PORT"], user=E["DB_USER"], password=E["DB_PASSWORD"], dbname=E["DB_NAME"])
c = psycopg.connect(**D)
c.execute("drop table if exists people3")
c.execute("create table people3(name text, age int)")
print(psycopg.pq.__impl__)
"""
BODY = """
cur = c.cursor()
for i in range(20): cur.execute("insert into people3 values('hunter2', %s)", (i,))
cur.executemany("insert into people3 values(%s, %s)", [("a", i) for i in range(50)]); print(cur.rowcount)
cur.execute("select * from people3 where name = 'hunter2'"); print(len(cur.fetchall()))
cur.execute(b"select age from people3"); print(sum(1 for row in cur))
cur.execute("update people3 set age = age + 1 where age < %s", (5,)); print(cur.rowcount)
with cur.copy("copy people3 (name, age) from stdin") as copy:
    for row in [("x", 1), ("y", 2)]: copy.write_row(row)
print(cur.rowcount)
with cur.copy("copy people3 to stdout") as copy: print(sum(1 for row in copy.rows()))
cur.execute(sql.SQL("select {} from {} where age = {}").format(sql.Identifier("name"), sql.Identifier("people3"), sql.Literal(31337042099))); print(cur.fetchall())
with c.cursor("big") as named:
    named.itersize = 10
    named.execute("select name, age from people3"); print(sum(1 for row in named))
print(sum(1 for row in cur.stream("select age, name from people3")))
cur.execute("select 1; select 2, 'hunter2'"); print(cur.fetchall(), cur.nextset(), cur.fetchall())
with c.pipeline():
    for i in range(5): c.execute("delete from people3 where age = %s", (i,))
    k = c.execute("select count(*) from people3"); print(k.fetchone())
c.commit()
try:
    with c.pipeline():
        c.execute("select * from missing")
except psycopg.Error as error: print(type(error).__name__)
c.rollback()
try: c.execute("select * from nowhere")
except psycopg.Error as error: print(type(error).__name__, error.sqlstate)
c.rollback()
try: psycopg.connect("host=%s port=%s user=nobody password=s3cret dbname=shop" % (E["DB_HOST"], E["DB_PORT"]))
except psycopg.OperationalError as error: print("refused")
"""
SHAPES = """
from psycopg.rows import dict_row, namedtuple_row
print(type(c), type(cur), psycopg.Cursor.execute.__name__, isinstance(c, psycopg.Connection))
print(c.cursor(row_factory=dict_row).execute("select 1 as one").fetchall(), psycopg.ClientCursor(c).execute("select %s", ["x"]).fetchone(), psycopg.ClientCursor(c).mogrify("select %s", ["x"]))
import pickle, inspect
try: pickle.dumps(c)
except Exception as error: print(type(error))
print(inspect.signature(psycopg.Connection.connect), inspect.isgeneratorfunction(psycopg.Cursor._execute_gen), repr(c)[:20])
with psycopg.connect(**D) as d, d.transaction(): d.execute("select 3")
c.execute("select broken(")
"""
EXPECTED = [
    ("COPY", "people3", 1, 2, 0),
    ("COPY", "people3", 1, 72, 0),
    ("DDL", "people3", 1, 0, 0),
    ("DDL", "people3", 1, 0, 0),
    ("INSERT", "people3", 21, 70, 0),
    ("SELECT", "missing", 1, 0, 1),
    ("SELECT", "nowhere", 1, 0, 1),
    ("SELECT", "people3", 1, 0, 0),
    ("SELECT", "people3", 1, 1, 0),
    ("SELECT", "people3", 1, 20, 0),
    ("SELECT", "people3", 1, 70, 0),
    ("SELECT", "people3", 1, 72, 0),
    ("SELECT", "people3", 1, 72, 0),
    ("UPDATE", "people3", 1, 10, 0),
]


class PsycopgTest(DatabaseTest):
    SERVICE = (services.postgres,)
    NEWEST = ("psycopg[binary]==3.3.9",)
    OLDEST = ("psycopg[binary]==3.1.8",)

    def check(self, run):
        place = ("postgresql", self.service.host, str(self.service.port), "shop")
        self.assertEqual({self.place(r) for r in run.of("db.query")}, {(*place, "clerk")})
        rows = self.statements(run)
        deleted = [row for row in rows if row[0] == "DELETE"]
        self.assertEqual([(row[2], row[4]) for row in deleted], [(5, 0)])
        self.assertGreater(deleted[0][3], 3)
        self.assertEqual([row for row in rows if row[1] and row[0] != "DELETE"], EXPECTED)
        self.assertIn(("SELECT", "", 1, 2, 0), rows)
        self.assertEqual(sorted((self.place(r)[4], r.count, r.errors) for r in run.of("db.connect"))[-1], ("nobody", 1, 1))
        self.assertNotIn(b"31337042099", run.data)

    def test_statements_rows_and_errors(self):
        for python in self.each():
            run = self.watch(python, CONNECT + BODY + SHAPES, 1)
            self.check(run)

    def test_asyncio(self):
        for python in self.each():
            run = self.watch(
                python,
                CONNECT
                + """
import asyncio
async def main():
    c = await psycopg.AsyncConnection.connect(**D)
    cur = c.cursor()
    await cur.execute("insert into people3 values('hunter2', %s)", (1,))
    await cur.executemany("insert into people3 values(%s, %s)", [("a", i) for i in range(50)])
    async with cur.copy("copy people3 (name, age) from stdin") as copy: await copy.write_row(("x", 1))
    async with cur.copy("copy people3 to stdout") as copy: print(len([row async for row in copy.rows()]))
    async with c.cursor("big") as named:
        await named.execute("select name, age from people3"); print(len([row async for row in named]))
    print(len([row async for row in cur.stream("select age, name from people3")]))
    async with c.pipeline():
        for i in range(5): await c.execute("delete from people3 where age = %s", (i,))
    await c.commit()
    try: await c.execute("select * from nowhere")
    except psycopg.Error as error: print(type(error).__name__)
    await c.close()
c.commit()
asyncio.run(main())
""",
            )
            rows = [row for row in self.statements(run) if row[0] != "DDL"]
            self.assertEqual(
                rows,
                [("COPY", "people3", 1, 1, 0), ("COPY", "people3", 1, 52, 0), ("DELETE", "people3", 5, 7, 0), ("INSERT", "people3", 2, 51, 0), ("SELECT", "nowhere", 1, 0, 1), ("SELECT", "people3", 1, 52, 0), ("SELECT", "people3", 1, 52, 0)],
            )

    def test_the_pure_implementation(self):
        for python in self.each():
            run = self.watch(python, CONNECT + BODY, PSYCOPG_IMPL="python")
            self.check(run)


class AsyncpgTest(DatabaseTest):
    SERVICE = (services.postgres,)
    NEWEST = ("asyncpg==0.32.0", "SQLAlchemy[asyncio]==2.1.9")
    OLDEST = ("asyncpg==0.22.0", "SQLAlchemy[asyncio]==2.0.0")

    def test_statements_rows_and_errors(self):
        for python in self.each():
            run = self.watch(
                python,
                """
import asyncio, os, io, asyncpg
E = os.environ
D = dict(host=E["DB_HOST"], port=int(E["DB_PORT"]), user=E["DB_USER"], password=E["DB_PASSWORD"], database=E["DB_NAME"])
async def main():
    c = await asyncpg.connect(**D)
    print(await c.execute("drop table if exists people4"))
    await c.execute("create table people4(name text, age int)")
    for i in range(20): print(await c.execute("insert into people4 values('hunter2', $1)", i))
    await c.executemany("insert into people4 values($1, $2)", [("a", i) for i in range(50)])
    print(len(await c.fetch("select * from people4 where name = 'hunter2'")), await c.fetchval("select count(*) from people4"), await c.fetchrow("select age from people4 order by age"))
    p = await c.prepare("select name from people4 where age = $1")
    print(len(await p.fetch(3)), len(await p.fetch(4)))
    async with c.transaction():
        print(len([r async for r in c.cursor("select name, age from people4", prefetch=7)]))
        cur = await c.cursor("select age, name from people4"); print(len(await cur.fetch(5)), await cur.fetchrow() is not None)
    print(await c.copy_records_to_table("people4", records=[("x", 1), ("y", 2)]))
    out = io.BytesIO(); print(await c.copy_from_query("select * from people4", output=out)); print(await c.copy_from_table("people4", output=out))
    print(await c.execute("update people4 set age = age + 1 where age < 5"))
    try: await c.fetch("select * from nowhere")
    except asyncpg.PostgresError as error: print(type(error).__name__)
    try: await c.execute("insert into people4 values('hunter2', $1)", "x")
    except Exception as error: print(type(error).__name__)
    await c.close()
    async with asyncpg.create_pool(min_size=1, max_size=2, **D) as pool:
        print(await pool.fetchval("select 5"))
        async with pool.acquire() as k: print(await k.fetchval("select 5"), type(k), isinstance(k, asyncpg.Connection))
    try: await asyncpg.connect(**{**D, "user": "nobody", "password": "s3cret"})
    except asyncpg.PostgresError as error: print(type(error).__name__)
    await c.fetch("select 1")
asyncio.run(main())
""",
                1,
            )
            place = ("postgresql", self.service.host, str(self.service.port), "shop")
            self.assertEqual({self.place(r) for r in run.of("db.query")}, {(*place, "clerk")})
            rows = [row for row in self.statements(run) if row[1]]
            self.assertEqual(
                rows,
                [
                    ("COPY", "people4", 1, 2, 0),
                    ("COPY", "people4", 1, 72, 0),
                    ("COPY", "people4", 1, 72, 0),
                    ("DDL", "people4", 1, 0, 0),
                    ("DDL", "people4", 1, 0, 0),
                    ("INSERT", "people4", 22, 70, 1),
                    ("SELECT", "nowhere", 1, 0, 1),
                    ("SELECT", "people4", 1, 1, 0),
                    ("SELECT", "people4", 1, 1, 0),
                    ("SELECT", "people4", 1, 6, 0),
                    ("SELECT", "people4", 1, 20, 0),
                    ("SELECT", "people4", 1, 70, 0),
                    ("SELECT", "people4", 2, 4, 0),
                    ("UPDATE", "people4", 1, 12, 0),
                ],
            )
            self.assertEqual(sorted((self.place(r)[4], r.count, r.errors) for r in run.of("db.connect")), [("clerk", 2, 0), ("nobody", 1, 1)])

    def test_sqlalchemy_counts_once(self):
        for python in self.each():
            run = self.watch(
                python,
                """
import asyncio, os
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine
E = os.environ
async def main():
    engine = create_async_engine("postgresql+asyncpg://%s:%s@%s:%s/%s" % (E["DB_USER"], E["DB_PASSWORD"], E["DB_HOST"], E["DB_PORT"], E["DB_NAME"]))
    async with engine.begin() as c:
        await c.execute(sa.text("create table if not exists alchemy(a int)"))
        await c.execute(sa.text("insert into alchemy values(:a)"), [{"a": 1}, {"a": 2}, {"a": 3}])
        print((await c.execute(sa.text("select a from alchemy where a > :a"), {"a": 1})).fetchall())
        await c.execute(sa.text("drop table alchemy"))
    await engine.dispose()
asyncio.run(main())
""",
            )
            rows = [row for row in self.statements(run) if row[1] == "alchemy"]
            self.assertEqual(rows, [("DDL", "alchemy", 1, 0, 0), ("DDL", "alchemy", 1, 0, 0), ("INSERT", "alchemy", 1, 3, 0), ("SELECT", "alchemy", 1, 2, 0)])


if __name__ == "__main__":
    unittest.main()
