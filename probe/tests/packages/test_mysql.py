"""PyMySQL, mysqlclient and MySQL Connector/Python (pure, C extension, asyncio) against a real MariaDB."""

import unittest

from .. import services
from .databases import DatabaseTest

USE = """
cur.execute("drop table if exists people")
cur.execute("create table people(name varchar(20), age int)")
for i in range(20): cur.execute("insert into people values('hunter2', %s)", (i,))
cur.executemany("insert into people values(%s, %s)", [("a", i) for i in range(50)]); print(cur.rowcount)
cur.executemany("update people set age = %s where age = %s", [(100, 1), (101, 2)]); print(cur.rowcount)
cur.execute("select * from people where name = 'hunter2' and age < 5000"); print(len(cur.fetchall()))
cur.execute("select age from people"); print(sum(1 for row in cur))
cur.execute("select age from people order by age limit 7"); print(cur.fetchone(), len(cur.fetchmany(3)), len(cur.fetchall()))
cur.execute("delete from people where age = 3"); print(cur.rowcount)
c.commit()
try: cur.execute("select * from nowhere")
except Exception as error: print(type(error).__name__, error.args[0])
cur.execute("drop procedure if exists twice")
cur.execute("create procedure twice(in a int) select a * 2")
cur.callproc("twice", (21,))
while cur.nextset(): pass
cur.close(); cur = c.cursor()
cur.execute("use other"); cur.execute("create table if not exists o(a int)"); cur.execute("select * from o"); print(cur.fetchall())
"""
EXPECTED = [
    ("DDL", "people", 1, 0, 0),
    ("DDL", "people", 1, 0, 0),
    ("DELETE", "people", 1, 2, 0),
    ("INSERT", "people", 21, 70, 0),
    ("SELECT", "nowhere", 1, 0, 1),
    ("SELECT", "people", 1, 7, 0),
    ("SELECT", "people", 1, 20, 0),
    ("SELECT", "people", 1, 70, 0),
    ("UPDATE", "people", 1, 4, 0),
]


class MysqlTest(DatabaseTest):
    """What every driver must report."""

    CONNECT = ""
    MORE = ""

    def test_statements_rows_and_errors(self):
        for python in self.each():
            run = self.watch(python, "import os\nE = os.environ\nP = int(E['DB_PORT'])\n" + self.CONNECT + USE + self.MORE)
            place = ("mariadb", self.service.host, str(self.service.port))
            self.assertIn((*place, "shop", "clerk"), {self.place(r) for r in run.of("db.connect")})
            self.assertEqual({self.place(r) for r in run.of("db.query") if r["db.system.name"] == "mariadb"}, {(*place, "shop", "clerk"), (*place, "other", "clerk")})
            extra = ("select name from people", "select age from people where age = ?")  # of MORE
            kept = [r for r in run.of("db.query") if r.get("db.collection.name") in ("people", "nowhere") and r["db.query.summary"] not in extra]
            self.assertEqual(sorted((r["db.operation.name"], r["db.collection.name"], r.count, r.rows, r.errors) for r in kept), EXPECTED)
            self.assertEqual([(r["db.operation.name"], r.count, r.errors) for r in run.of("db.query") if r.get("db.query.summary") in ("CALL twice", "CALL twice (?)")], [("CALL", 1, 0)])
            self.assertEqual([r["db.namespace"] for r in run.of("db.query") if r.get("db.collection.name") == "o"], ["other", "other"])
            self.assertTrue([r["error.type"] for r in run.of("db.query") if r.errors][0].endswith("ProgrammingError"))
            refused = [r for r in run.of("db.connect") if r.errors]
            self.assertEqual([(r["sentinel.db.user"], r.count, r.errors) for r in refused], [("nobody", 1, 1)])
            self.check(run)

    def check(self, run):
        pass


class PyMysqlTest(MysqlTest):
    SERVICE = (services.mariadb,)
    NEWEST = ("PyMySQL==1.2.4",)
    OLDEST = ("PyMySQL==0.9.3",)
    CONNECT = """
import pymysql, pymysql.cursors
def connect(**more): return pymysql.connect(host=E["DB_HOST"], port=P, **{**dict(user=E["DB_USER"], password=E["DB_PASSWORD"], database=E["DB_NAME"]), **more})
c = connect(); cur = c.cursor()
"""
    MORE = """
c.select_db("shop")
s = c.cursor(pymysql.cursors.SSCursor); s.execute("select name from people"); print(s.fetchone(), len(s.fetchmany(10)), sum(1 for r in s)); s.close()
d = c.cursor(pymysql.cursors.DictCursor); d.execute("select 1 as one"); print(type(d), d.fetchall())
print(type(c), type(cur), pymysql.cursors.Cursor.execute.__name__, pymysql.connect is not None)
try: connect(user="nobody", password="s3cret")
except pymysql.MySQLError as error: print(type(error))
import pickle
try: pickle.dumps(c)
except Exception as error: print(type(error))
cur.execute("select broken(")
"""

    def watch(self, python, text, code=0, **more):
        return super().watch(python, text, 1, **more)

    def check(self, run):
        self.assertIn(("SELECT", "people", 1, 68), [(r["db.operation.name"], r.get("db.collection.name"), r.count, r.rows) for r in run.of("db.query") if r["db.query.summary"] == "select name from people"])


class MysqlClientTest(MysqlTest):
    SERVICE = (services.mariadb,)
    NEWEST = ("mysqlclient==2.3.1",)
    OLDEST = ("mysqlclient==2.0.3",)
    CONNECT = """
import MySQLdb, MySQLdb.cursors
def connect(**more): return MySQLdb.connect(**{**dict(host=E["DB_HOST"], port=P, user=E["DB_USER"], password=E["DB_PASSWORD"], database=E["DB_NAME"]), **more})
c = connect(); cur = c.cursor()
"""
    MORE = """
c.select_db("shop")
s = c.cursor(MySQLdb.cursors.SSCursor); s.execute("select name from people"); print(s.fetchone(), len(s.fetchmany(10)), sum(1 for r in s)); s.close()
print(type(c), type(cur), MySQLdb.cursors.BaseCursor.execute.__name__)
try: connect(user="nobody", password="s3cret")
except MySQLdb.MySQLError as error: print(type(error))
"""

    def check(self, run):
        self.assertIn(("SELECT", "people", 1, 68), [(r["db.operation.name"], r.get("db.collection.name"), r.count, r.rows) for r in run.of("db.query") if r["db.query.summary"] == "select name from people"])


class ConnectorTest(MysqlTest):
    SERVICE = (services.mariadb,)
    NEWEST = ("mysql-connector-python==26.10.0",)
    OLDEST = ("mysql-connector-python==8.0.33",)
    CONNECT = """
import mysql.connector
def connect(**more): return mysql.connector.connect(use_pure=True, **{**dict(host=E["DB_HOST"], port=P, user=E["DB_USER"], password=E["DB_PASSWORD"], database=E["DB_NAME"], collation="utf8mb4_general_ci"), **more})
c = connect(); cur = c.cursor()
"""
    MORE = """
c.cmd_init_db("shop")
s = c.cursor(buffered=True); s.execute("select name from people"); print(s.rowcount, s.fetchone(), len(s.fetchmany(10)), sum(1 for r in s)); s.close()
d = c.cursor(dictionary=True); d.execute("select 1 as one"); print(type(d), d.fetchall())
p = c.cursor(prepared=True); p.execute("select age from people where age = %s", (5,)); print(len(p.fetchall())); p.close()
print(type(c), type(cur))
try: connect(user="nobody", password="s3cret")
except mysql.connector.Error as error: print(type(error))
"""

    def check(self, run):
        found = {r["db.query.summary"]: (r.count, r.rows) for r in run.of("db.query")}
        self.assertEqual(found["select name from people"], (1, 68))
        self.assertEqual(found["select age from people where age = ?"], (1, 2))


class ConnectorExtensionTest(ConnectorTest):
    NEWEST = ("mysql-connector-python==9.7.0",)  # the extension of later wheels needs a newer OpenSSL than Debian 12 has
    CONNECT = ConnectorTest.CONNECT.replace("use_pure=True", "use_pure=False")


class ConnectorAsyncTest(DatabaseTest):
    SERVICE = (services.mariadb,)
    NEWEST = ConnectorTest.NEWEST

    def test_statements_rows_and_errors(self):
        for python in self.each():
            run = self.watch(
                python,
                """
import asyncio, os
from mysql.connector import aio
E = os.environ
async def main():
    c = await aio.connect(host=E["DB_HOST"], port=int(E["DB_PORT"]), user=E["DB_USER"], password=E["DB_PASSWORD"], database=E["DB_NAME"], collation="utf8mb4_general_ci", ssl_disabled=True)
    cur = await c.cursor()
    await cur.execute("create table people(name varchar(20), age int)")
    await cur.executemany("insert into people values(%s, %s)", [("hunter2", i) for i in range(9)])
    await cur.execute("select * from people"); print(len(await cur.fetchall()))
    try: await cur.execute("select * from nowhere")
    except Exception as error: print(type(error).__name__)
    await cur.execute("drop table people")
    await c.close()
asyncio.run(main())
""",
            )
            self.assertEqual(
                [row for row in self.statements(run) if row[1]],
                [("DDL", "people", 1, 0, 0), ("DDL", "people", 1, 0, 0), ("INSERT", "people", 1, 9, 0), ("SELECT", "nowhere", 1, 0, 1), ("SELECT", "people", 1, 9, 0)],
            )
            self.assertEqual([(self.place(r)[3:], r.count) for r in run.of("db.connect")], [(("shop", "clerk"), 1)])


class AiomysqlTest(DatabaseTest):
    SERVICE = (services.mariadb,)
    NEWEST = ("aiomysql==0.3.2", "PyMySQL==1.2.4")
    OLDEST = ("aiomysql==0.1.1", "PyMySQL==1.0.2")

    def test_statements_rows_and_errors(self):
        for python in self.each():
            run = self.watch(
                python,
                """
import aiomysql, asyncio, os, warnings
warnings.simplefilter("ignore")
E = os.environ
def connect(**more): return aiomysql.connect(host=E["DB_HOST"], port=int(E["DB_PORT"]), **{**dict(user=E["DB_USER"], password=E["DB_PASSWORD"], db=E["DB_NAME"]), **more})
async def main():
    c = await connect(); cur = await c.cursor()
    await cur.execute("drop table if exists guests3"); await cur.execute("create table guests3(name varchar(20), age int)")
    for i in range(20): await cur.execute("insert into guests3 values('hunter2', %s)", (i,))
    await cur.executemany("insert into guests3 values(%s, %s)", [("a", i) for i in range(50)]); print(cur.rowcount)
    await cur.execute("select * from guests3 where name = 'hunter2'"); print(len(await cur.fetchall()))
    lazy = await c.cursor(aiomysql.SSCursor); await lazy.execute("select age from guests3"); print(len(await lazy.fetchmany(7)), len(await lazy.fetchall()))
    try: await cur.execute("select * from nowhere")
    except Exception as error: print(type(error).__name__, error.args[0])
    print(asyncio.iscoroutinefunction(aiomysql.Cursor.execute), aiomysql.Cursor.execute.__qualname__, type(cur), await c.select_db("other"))
    await cur.execute("select 1 from dual"); await c.commit(); c.close()
    async with aiomysql.create_pool(host=E["DB_HOST"], port=int(E["DB_PORT"]), user=E["DB_USER"], password=E["DB_PASSWORD"], db=E["DB_NAME"]) as pool:
        async with pool.acquire() as d:
            async with d.cursor() as cursor: print(await cursor.execute("select name from guests3 limit 3"))
    try: await connect(user="nobody", password="hunter2")
    except Exception as error: print(type(error).__name__)
asyncio.run(main())
""",
            )
            self.assertEqual(
                self.statements(run),
                [
                    ("DDL", "guests3", 1, 0, 0),
                    ("DDL", "guests3", 1, 0, 0),
                    ("INSERT", "guests3", 21, 70, 0),
                    ("SELECT", "", 1, 1, 0),
                    ("SELECT", "guests3", 1, 3, 0),
                    ("SELECT", "guests3", 1, 20, 0),
                    ("SELECT", "guests3", 1, 70, 0),
                    ("SELECT", "nowhere", 1, 0, 1),
                ],
            )
            place = ("mariadb", self.service.host, str(self.service.port))
            self.assertEqual({self.place(r) for r in run.of("db.query")}, {(*place, "shop", "clerk"), (*place, "other", "clerk")})
            self.assertEqual([(r["sentinel.db.user"], r.count) for r in run.of("db.connect") if r.errors], [("nobody", 1)])
            self.assertEqual(sum(r.count for r in run.of("db.connect") if not r.errors), 2)


if __name__ == "__main__":
    unittest.main()
