"""pyodbc over real drivers: psqlODBC to PostgreSQL, MariaDB Connector/ODBC to MariaDB, SQLite ODBC."""

import unittest

from .. import services
from .databases import DatabaseTest

BODY = """
import os, pyodbc
E = os.environ
c = pyodbc.connect(TEXT); cur = c.cursor()
cur.execute("drop table if exists people5")
cur.execute("create table people5(name varchar(20), age int)")
for i in range(20): cur.execute("insert into people5 values('hunter2', ?)", i)
cur.executemany("insert into people5 values(?, ?)", [("a", i) for i in range(50)])
cur.execute("select * from people5 where name = 'hunter2'"); print(len(cur.fetchall()))
cur.execute("select age from people5"); print(cur.fetchone(), len(cur.fetchmany(10)), cur.fetchval(), len(cur.fetchall()))
print(len(c.execute("select name from people5 where age < ?", 3).fetchall()))
print(cur.execute("update people5 set age = age + 1 where age < 5").rowcount)
try: cur.execute("select * from nowhere")
except pyodbc.Error as error: print(type(error).__name__)
c.rollback()
"""
MORE = """
c = pyodbc.connect(TEXT); cur = c.cursor()
print(type(c) is pyodbc.Connection, type(cur) is pyodbc.Cursor, type(cur.execute("select 1")) is pyodbc.Cursor, isinstance(c, pyodbc.Connection), type(c), type(cur))
print(pyodbc.Cursor.execute.__name__, pyodbc.connect.__name__, pyodbc.Cursor.fetchall.__doc__[:30])
for act in (lambda: type("X", (pyodbc.Cursor,), {}), lambda: pyodbc.Cursor(), lambda: setattr(cur, "x", 1), lambda: setattr(pyodbc.Cursor, "execute", 1), lambda: __import__("pickle").dumps(cur)):
    try: act(); print("done")
    except Exception as error: print(type(error).__name__, error)
import warnings; warnings.simplefilter("ignore")
import pandas; print(pandas.read_sql("select 1 as one", c))
with pyodbc.connect(TEXT) as d: print(d.cursor().execute("select 2").fetchone()[0], [tuple(row) for row in d.execute("select 3")])
cur.close()
try: cur.execute("select 1")
except Exception as error: print(type(error).__name__, error)
try: cur.execute()
except Exception as error: print(type(error).__name__, error)
cur.execute("select broken(")
"""


class OdbcTest(DatabaseTest):
    """What every driver must report."""

    NEWEST = ("pyodbc==5.5.0", "pandas==3.1.1")
    OLDEST = ("pyodbc==4.0.35", "pandas==1.5.3", "numpy==1.24.4")
    DRIVER = ""
    TEXT = ""
    PLACE = ()

    @classmethod
    def setUpClass(cls):
        if not cls.DRIVER:
            raise unittest.SkipTest("a base")
        if cls.DRIVER not in services.odbc_drivers():
            raise unittest.SkipTest("no ODBC driver " + cls.DRIVER)
        super().setUpClass()

    def text(self):
        facts = self.facts()
        return "TEXT = %r\n" % self.TEXT.format(driver=self.DRIVER, folder=self.folder, **facts)

    def test_statements_rows_and_errors(self):
        for python in self.each():
            run = self.watch(python, self.text() + BODY)
            self.assertEqual(
                self.statements(run),
                [
                    ("DDL", "people5", 1, 0, 0),
                    ("DDL", "people5", 1, 0, 0),
                    ("INSERT", "people5", 21, self.inserted(), 0),
                    ("SELECT", "nowhere", 1, 0, 1),
                    ("SELECT", "people5", 1, 6, 0),
                    ("SELECT", "people5", 1, 20, 0),
                    ("SELECT", "people5", 1, 70, 0),
                    ("UPDATE", "people5", 1, 10, 0),
                ],
            )
            self.assertEqual({self.place(r) for r in run.of("db.query")}, {self.whereabouts()})
            self.assertEqual([(self.place(r), r.count) for r in run.of("db.connect")], [(self.whereabouts(), 1)])

    def inserted(self):
        return 20  # pyodbc itself knows no count after executemany

    def whereabouts(self):
        return (self.PLACE[0], self.service.host, str(self.service.port), self.service.database, self.service.user)

    def test_types_are_as_before(self):
        for python in self.each():
            self.watch(python, self.text() + "import os, pyodbc\nE = os.environ\n" + MORE, 1)


class PostgresOdbcTest(OdbcTest):
    SERVICE = (services.postgres,)
    DRIVER = "PostgreSQL Unicode"
    TEXT = "DRIVER={{{driver}}};SERVER={DB_HOST};PORT={DB_PORT};DATABASE={DB_NAME};UID={DB_USER};PWD={{{DB_PASSWORD}}}"
    PLACE = ("postgresql",)


class MariadbOdbcTest(OdbcTest):
    SERVICE = (services.mariadb,)
    DRIVER = "MariaDB Unicode"
    TEXT = "DRIVER={driver};SERVER={DB_HOST};PORT={DB_PORT};DATABASE={DB_NAME};UID={DB_USER};PWD={DB_PASSWORD}"
    PLACE = ("mariadb",)


class SqliteOdbcTest(OdbcTest):
    DRIVER = "SQLite3"
    TEXT = "DRIVER=SQLite3;Database={folder}/o.db"
    PLACE = ("sqlite",)

    def whereabouts(self):
        return ("sqlite", None, None, self.folder + "/o.db", None)


if __name__ == "__main__":
    unittest.main()
