"""snowflake-connector-python against a stand-in for the service, both its generations: HTTP in Python up to 4, a native core from 5 on."""

import unittest

from .cloud_servers import snowflake
from .databases import DatabaseTest

HEAD = """
import os, warnings
warnings.simplefilter("ignore")
E = os.environ
D = dict(account="acme-eu1", user=E["DB_USER"], host=E["DB_HOST"], port=int(E["DB_PORT"]), protocol="http", login_timeout=20, enable_server_session_keep_alive_auto_detection=None)
"""
SCRIPT = (
    HEAD
    + """
import snowflake.connector as sf
c = sf.connect(password=E["DB_PASSWORD"], database="shop", **D)
cur = c.cursor()
cur.execute("drop table if exists people"); print(cur.execute("create table people(name text, age int)").fetchall())
for i in range(20): cur.execute("insert into people values ('hunter2', %s)", (i,))
print(cur.rowcount, cur.executemany("insert into people values (%s, %s)", [("a", i) for i in range(50)]) is cur)
print(len(cur.execute("select name, age from people where name = 'hunter2'").fetchall()), cur.rowcount)
print(cur.execute("select age from people").fetchone(), len(cur.fetchmany(5)))
print(len([row for row in c.cursor(sf.DictCursor).execute("select name as n from people")]))
print(cur.execute("update people set age = age + 1 where age < 5").rowcount, cur.execute("delete from people where name = %(who)s", {"who": "hunter2"}).rowcount)
try: cur.execute("select * from nowhere")
except sf.Error as error: print(type(error).__name__, error.errno)
cur.execute("select count(*) from shop.public.people"); cur.execute("use database other"); cur.execute("select 1 as one")
print(type(c).__name__, isinstance(c, sf.SnowflakeConnection), sf.SnowflakeConnection.__init__.__name__, type(cur), type(cur).execute.__qualname__)
try: cur.execute(bogus=1)
except TypeError as error: print(error)
c.close()
try: sf.connect(password="wrong-hunter2", **D)
except sf.Error as error: print(type(error).__name__)
"""
)
WAITED = (
    HEAD
    + """
import asyncio
import snowflake.connector.aio as sf
async def main():
    c = await sf.connect(password=E["DB_PASSWORD"], database="shop", **D)
    cur = c.cursor()
    await cur.execute("drop table if exists guests"); await cur.execute("create table guests(name text, age int)")
    await cur.execute("insert into guests values ('hunter2', 1)")
    await cur.executemany("insert into guests values (%s, %s)", [("a", 1), ("b", 2)])
    await cur.execute("select name from guests"); print(len(await cur.fetchall()), cur.rowcount)
    try: await cur.execute("select * from nowhere")
    except Exception as error: print(type(error).__name__)
    await c.close()
asyncio.run(main())
"""
)


class SnowflakeTest(DatabaseTest):
    SERVICE = (snowflake,)
    NEWEST = ("snowflake-connector-python==5.2.0",)

    def test_statements_rows_and_errors(self):
        for python in self.each():
            del self.service.asked[:]
            run = self.watch(python, SCRIPT)
            self.assertEqual(
                self.statements(run),
                [
                    ("DDL", "people", 1, 0, 0),
                    ("DDL", "people", 1, 0, 0),
                    ("DELETE", "people", 1, 20, 0),
                    ("INSERT", "people", 21, 70, 0),
                    ("SELECT", "", 1, 1, 0),
                    ("SELECT", "nowhere", 1, 0, 1),
                    ("SELECT", "people", 1, 20, 0),
                    ("SELECT", "people", 1, 70, 0),
                    ("SELECT", "people", 1, 70, 0),
                    ("SELECT", "shop.public.people", 1, 1, 0),
                    ("UPDATE", "people", 1, 10, 0),
                    ("USE", "", 1, 0, 0),
                ],
            )
            place = ("snowflake", self.service.host, str(self.service.port))
            self.assertEqual({self.place(r)[:3] for r in run.of("db.query")}, {place})
            self.assertEqual({r["sentinel.db.user"].lower() for r in run.of("db.query")}, {"clerk"})
            names = {r["db.namespace"].lower() for r in run.of("db.query") if r["db.operation.name"] != "USE"}
            self.assertEqual(names, {"acme-eu1|shop", "acme-eu1|other"})
            self.assertEqual([r["db.namespace"].lower() for r in run.of("db.query") if not r.get("db.collection.name")], ["acme-eu1|shop", "acme-eu1|other"])
            self.assertEqual([(r.count, r.errors, r.get("error.type")) for r in run.of("db.connect")], [(1, 0, None), (1, 1, "DatabaseError")])
            asked = [path for _, path in self.service.asked[len(self.service.asked) // 2 :]]
            heard = {r["url.template"]: r.count for r in run.of("http.request", port=str(self.service.port))}
            if self.is_native(python):
                self.assertEqual(heard, {})  # its core is not Python
            else:
                self.assertEqual(heard, {path: asked.count(path) for path in set(asked)})

    def test_asyncio(self):
        for python in self.each():
            run = self.watch(python, WAITED)
            wanted = [("DDL", "guests", 1, 0, 0), ("DDL", "guests", 1, 0, 0), ("INSERT", "guests", 2, 3, 0)]
            self.assertEqual(self.statements(run), [*wanted, ("SELECT", "guests", 1, 3, 0), ("SELECT", "nowhere", 1, 0, 1)])
            self.assertEqual([(r.count, r.errors) for r in run.of("db.connect")], [(1, 0)])

    def is_native(self, python):
        return True


class SnowflakeInPythonTest(SnowflakeTest):
    NEWEST = ("snowflake-connector-python==4.8.1", "aiohttp==3.13.2")
    OLDEST = ("snowflake-connector-python==3.0.4",)

    def is_native(self, python):
        return False


if __name__ == "__main__":
    unittest.main()
