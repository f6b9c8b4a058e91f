"""psycopg2 against a real PostgreSQL."""

import unittest

from .. import services
from .databases import DatabaseTest

CONNECT = """
import os, psycopg2
E = os.environ
def connect(**more):
    return psycopg2.connect(host=E["DB_HOST"], port=E["DB_PORT"], user=E["DB_USER"], password=E["DB_PASSWORD"], dbname=E["DB_NAME"], **more)
c = connect()
cur = c.cursor()
cur.execute("drop table if exists people")
cur.execute("create table people(name text, age int)")
"""


class Psycopg2Test(DatabaseTest):
    SERVICE = (services.postgres,)
    NEWEST = ("psycopg2-binary==2.9.13", "SQLAlchemy==2.1.9", "pandas==3.1.1")
    OLDEST = ("psycopg2-binary==2.8.6", "SQLAlchemy==1.4.54", "pandas==1.5.3", "numpy==1.24.4")

    def test_statements_rows_and_errors(self):
        for python in self.each():
            run = self.watch(
                python,
                CONNECT
                + """
for i in range(20): cur.execute("insert into people values('hunter2', %s)", (i,))
cur.executemany("insert into people values(%s, %s)", [("a", i) for i in range(50)])
cur.execute("select * from people where name = 'hunter2'"); print(len(cur.fetchall()))
cur.execute("select age from people"); print(sum(1 for row in cur))
cur.execute("update people set age = age + 1 where age < %s", (5,)); print(cur.rowcount)
import io
from psycopg2 import extras, sql
cur.copy_expert("copy people from stdin", io.StringIO("x\\t1\\ny\\t2\\n")); print(cur.rowcount)
out = io.StringIO(); cur.copy_to(out, "people"); print(len(out.getvalue().splitlines()))
extras.execute_values(cur, "insert into people values %s", [("v", n) for n in range(7)]); print(cur.rowcount)
cur.execute(sql.SQL("select {} from {} where age = {}").format(sql.Identifier("name"), sql.Identifier("people"), sql.Literal(31337042099)))
print(cur.fetchall())
named = c.cursor("big"); named.itersize = 10
named.execute("select name from people"); print(sum(1 for row in named)); named.close()
named = c.cursor("big2"); named.execute("select age from people order by 1"); print(len(named.fetchmany(5)), named.fetchone(), len(named.fetchall())); named.close()
c.commit()
try: cur.execute("select * from nowhere")
except psycopg2.Error as error: print(type(error).__name__, error.pgcode)
c.rollback()
cur.callproc("version"); print(len(cur.fetchall()))
try: psycopg2.connect(host=E["DB_HOST"], port=E["DB_PORT"], user="nobody", password="s3cret", dbname="shop")
except psycopg2.OperationalError as error: print("refused")
""",
            )
            place = ("postgresql", self.service.host, str(self.service.port), "shop")
            self.assertEqual(sorted((*self.place(r), r.count, r.errors, r.get("error.type")) for r in run.of("db.connect")), [(*place, "clerk", 1, 0, None), (*place, "nobody", 1, 1, "OperationalError")])
            self.assertEqual({self.place(r) for r in run.of("db.query")}, {(*place, "clerk")})
            self.assertEqual(
                self.statements(run),
                [
                    ("CALL", "", 1, 1, 0),
                    ("COPY", "people", 1, 2, 0),
                    ("COPY", "people", 1, 72, 0),
                    ("DDL", "people", 1, 0, 0),
                    ("DDL", "people", 1, 0, 0),
                    ("INSERT", "people", 22, 77, 0),
                    ("SELECT", "nowhere", 1, 0, 1),
                    ("SELECT", "people", 1, 0, 0),
                    ("SELECT", "people", 1, 20, 0),
                    ("SELECT", "people", 1, 70, 0),
                    ("SELECT", "people", 1, 79, 0),
                    ("SELECT", "people", 1, 79, 0),
                    ("UPDATE", "people", 1, 10, 0),
                ],
            )
            self.assertEqual([r["error.type"] for r in run.of("db.query") if r.errors], ["UndefinedTable"])
            self.assertNotIn(b"31337042099", run.data)

    def test_types_and_c_functions_are_as_before(self):
        for python in self.each():
            self.watch(
                python,
                CONNECT
                + """
import pickle, copy, io, warnings
from psycopg2 import extras, extensions, pool, _psycopg
warnings.simplefilter("ignore")
print(type(c), type(cur), type(c) is extensions.connection, type(cur) is extensions.cursor, isinstance(c, _psycopg.connection), isinstance(cur, _psycopg.cursor))
extras.register_default_jsonb(c); extras.register_default_json(c)
extensions.register_type(extensions.UNICODE, c); extensions.register_type(extensions.UNICODE, cur)
print(extensions.quote_ident('a"b', c), extensions.quote_ident('a', cur))
a = extensions.adapt("it's"); a.prepare(c); print(a.getquoted())
extras.register_uuid(conn_or_curs=c); extras.register_hstore
cur.execute("select '{\\"a\\": 1}'::jsonb, 2 as two"); print(cur.fetchone(), cur.rowcount, cur.query, cur.statusmessage, cur.description[1].name)
for kind in (extras.DictCursor, extras.RealDictCursor, extras.NamedTupleCursor):
    try:
        with c.cursor(cursor_factory=kind) as k:
            k.execute("select 1 as one union select 2 order by 1"); print(kind.__name__, type(k).__name__, list(k)); k.scroll(0, mode="absolute"); print(k.fetchone(), k.fetchmany(3), k.fetchall())
    except Exception as error: print(type(error), error)
d = connect(cursor_factory=extras.RealDictCursor); k = d.cursor(); k.execute("select 1 as one"); print(type(k), k.fetchall(), d.cursor_factory); d.close()
d = connect(connection_factory=extras.DictConnection); k = d.cursor(); k.execute("select 1 as one"); print(type(d), type(k), k.fetchone()["one"]); d.close()
class Mine(extensions.connection):
    def cursor(self, *a, **k): return super().cursor(*a, **k)
d = connect(connection_factory=Mine)
with d:
    with d.cursor() as k: k.execute("select 3"); print(type(d), k.fetchall(), list(k))
class MyCursor(extensions.cursor):
    def execute(self, query, args=None): return super().execute(query + " ", args)
k = d.cursor(cursor_factory=MyCursor); k.execute("select %s", (5,)); print(k.fetchone(), k.mogrify("select %s", ("x",)))
d.close()
p = pool.SimpleConnectionPool(1, 2, **{"host": E["DB_HOST"], "port": E["DB_PORT"], "user": E["DB_USER"], "password": E["DB_PASSWORD"], "dbname": E["DB_NAME"]})
q = p.getconn(); q.cursor().execute("select 1"); p.putconn(q); p.closeall()
for thing in (c, cur):
    for act in (pickle.dumps, copy.copy):
        try: act(thing); print("copied")
        except Exception as error: print(type(error).__name__)
    try: thing.nonsense = 1; print("set")
    except AttributeError as error: print("AttributeError")
extras.execute_batch(cur, "insert into people values(%s, %s)", [("b", 1)] * 5)
print(repr(c)[:30], repr(cur)[:20], c.closed, c.status, c.dsn.replace(E["DB_PORT"], "PORT"))
c.commit(); c.set_session(autocommit=True); print(c.autocommit)
async_c = connect(async_=True); extras.wait_select(async_c); k = async_c.cursor(); k.execute("select 9"); extras.wait_select(async_c); print(k.fetchall()); async_c.close()
import inspect
print(inspect.isroutine(extensions.cursor.execute), extensions.cursor.execute.__name__, extensions.connection.cursor.__doc__[:20])
cur.close(); c.close()
try: cur.execute("select 1")
except Exception as error: print(type(error), error)
cur.execute("select 1")
""",
                code=1,
            )

    def test_pandas_and_sqlalchemy_count_once(self):
        for python in self.each():
            run = self.watch(
                python,
                CONNECT
                + """
cur.execute("insert into people values('a', 1), ('b', 2)"); c.commit()
import warnings; warnings.simplefilter("ignore")
import pandas, sqlalchemy as sa
print(len(pandas.read_sql("select * from people", c)))
engine = sa.create_engine("postgresql+psycopg2://%s:%s@%s:%s/%s" % (E["DB_USER"], E["DB_PASSWORD"], E["DB_HOST"], E["DB_PORT"], E["DB_NAME"]))
with engine.begin() as connection:
    print(connection.execute(sa.text("select name from people where age = :age"), {"age": 2}).fetchall())
    connection.execute(sa.text("insert into people values(:n, 3)"), [{"n": "c"}, {"n": "d"}])
print(pandas.DataFrame({"x": [1, 2, 3]}).to_sql("frame", engine, if_exists="replace", index=False))
print(len(pandas.read_sql("select x from frame", engine)))
""",
            )
            seen = {(r["db.operation.name"], r.get("db.collection.name", ""), r["db.query.summary"]): (r.count, r.rows) for r in run.of("db.query")}
            self.assertEqual(seen["SELECT", "people", "select * from people"], (1, 2))
            self.assertEqual(seen["SELECT", "people", "select name from people where age = ?"], (1, 1))
            self.assertEqual(seen["INSERT", "people", "insert into people values(?, ?)"], (1, 2)) if ("INSERT", "people", "insert into people values(?, ?)") in seen else None
            self.assertEqual(seen["SELECT", "frame", "select x from frame"], (1, 3))
            self.assertEqual(sum(r.count for r in run.of("db.connect")), 2)


if __name__ == "__main__":
    unittest.main()
