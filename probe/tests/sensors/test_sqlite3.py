"""SQLite."""

import os

from ..support import ProbeTestCase


class SqliteTest(ProbeTestCase):
    def test_statements_lose_their_literals_and_count_rows(self):
        run = self.observe(
            "import sqlite3\nc = sqlite3.connect('shop.db')\nc.execute('create table people(name, age)')\n"
            "cur = c.cursor()\n"
            "for i in range(100): cur.execute(\"insert into people values('hunter2', ?)\", (i,))\n"
            "cur.executemany('insert into people values(?, ?)', [('a', 1)] * 10)\n"
            "c.commit()\n"
            "assert len(c.execute(\"select * from people where name = 'hunter2' and age > 4711\").fetchall()) == 0\n"
            "assert sum(1 for row in cur.execute('select age from people')) == 110\n"
            "assert len(cur.execute('select name from people').fetchmany(7)) == 7\n"
            "assert cur.execute('select count(*) from people').fetchone() == (110,)\n"
            "c.execute('update people set age = 1 where age < 50')\n"
            "try: c.execute('select * from nowhere')\nexcept sqlite3.OperationalError: pass\n"
        )
        path = os.path.join(self.folder, "shop.db")
        self.assertEqual([(r["db.namespace"], r.count) for r in run.of("db.connect")], [(path, 1)])
        rows = [(r["db.operation.name"], r.get("db.collection.name"), r.count, r.rows, r.errors) for r in run.of("db.query")]
        self.assertIn(("DDL", "people", 1, 0, 0), rows)
        self.assertIn(("INSERT", "people", 101, 110, 0), rows)
        self.assertIn(("SELECT", "people", 1, 110, 0), rows)
        self.assertIn(("SELECT", "people", 1, 7, 0), rows)
        self.assertIn(("SELECT", "people", 1, 1, 0), rows)
        self.assertIn(("SELECT", "nowhere", 1, 0, 1), rows)
        self.assertTrue([row for row in rows if row[0] == "UPDATE" and row[3] == 60], rows)
        self.assertNotIn(b"hunter2", run.data)
        self.assertNotIn(b"4711", run.data)

    def test_no_execution_is_lost_among_many(self):
        script = self.script(
            "import os, sqlite3, sys\nc = sqlite3.connect(':memory:', isolation_level=None)\nc.execute('create table t(a primary key)')\n"
            "cur, two, text = c.cursor(), c.cursor(), 'insert into t values(?)'\n"
            "for i in range(1000):\n"
            "    (cur, two, c)[i % 3].execute(text, (i,))\n"
            "    if i % 10 == 0:\n"
            "        try: cur.execute(text, (i,))\n"
            "        except sqlite3.IntegrityError: pass\n"
            "cur.executemany(text, [(i,) for i in range(2000, 2010)])\n"
            "for i in range(3000, 3300): cur.execute(text, (i,))\n"
            "for i in range(300): c.execute('update t set a = a'); c.execute('begin'); cur.execute('rollback')\n"
            "for i in range(300): assert two.execute('select count(*) from t').fetchone() == (1310,)\n"
            "if hasattr(os, 'fork'):\n"
            "    child = os.fork()\n"
            "    if child:\n"
            "        os.waitpid(child, 0)\n"
            "    else:\n"
            "        for i in range(300): c.execute('begin'); cur.execute('rollback')\n"
            "        os._exit(0)\n"
        )
        self.python(script)
        counted = [
            {(r["db.operation.name"], r.get("db.query.summary", "")): (r.count, r.rows, r.errors) for r in run.of("db.query")}
            for run in sorted(self.runs(), key=lambda run: run.hello["sentinel.run.start_kind"] == "fork")
        ]
        wanted = {
            ("DDL", "create table t (a primary key)"): (1, 0, 0),
            ("INSERT", "insert into t values (?)"): (1401, 1310, 100),
            ("UPDATE", "update t set a = a"): (300, 300 * 1310, 0),
            ("BEGIN", "begin"): (300, 0, 0),
            ("ROLLBACK", "rollback"): (300, 0, 0),
            ("SELECT", "select count (*) from t"): (300, 300, 0),
        }
        self.assertEqual(counted[0], wanted)
        if len(counted) > 1:
            self.assertEqual(counted[1], {key: wanted[key] for key in (("BEGIN", "begin"), ("ROLLBACK", "rollback"))})

    def test_statements_are_read_as_sqlite_writes_them(self):
        run = self.observe(
            "import sqlite3\nc = sqlite3.connect(':memory:'); c.execute('create table t(a, b)')\n"
            "c.execute(\"select a from [t] where b = 'x\\\\' and a = 'hunter2'\"); c.execute(\"insert into \\\"t\\\"(a) values ('\\\\'), ('hunter2')\")\n"
        )
        found = [(r["db.operation.name"], r["db.collection.name"], r["db.query.summary"]) for r in run.of("db.query")]
        wanted = [
            ("DDL", "t", "create table t (a, b)"),
            ("SELECT", "t", "select a from t where b = ? and a = ?"),
            ("INSERT", "t", "insert into t (a) values (?)"),
        ]
        self.assertEqual(found, wanted)
        self.assertNotIn(b"hunter2", run.data)

    def test_types_look_and_behave_as_before(self):
        self.python(
            "-c",
            "import sqlite3, sqlite3.dbapi2, importlib\n"
            "c = sqlite3.connect(':memory:')\n"
            "assert type(c) is sqlite3.Connection is sqlite3.dbapi2.Connection and type(c.cursor()) is sqlite3.Cursor\n"
            "assert type(c.execute('select 1')) is sqlite3.Cursor\n"
            "assert repr(sqlite3.Connection) == \"<class 'sqlite3.Connection'>\" and sqlite3.connect.__name__ == 'connect'\n"
            "c.row_factory = sqlite3.Row; assert c.execute('select 5 as five').fetchone()['five'] == 5\n"
            "class C(sqlite3.Connection):\n    def hello(self): return 1\n"
            "assert sqlite3.connect(':memory:', factory=C).hello() == 1\n"
            "class K(sqlite3.Cursor): pass\n"
            "assert type(c.cursor(K)) is K and c.cursor(factory=K).execute('select 1').fetchall()[0][0] == 1\n"
            "d = sqlite3.connect(':memory:'); c.backup(d)\n"
            "with c: c.execute('create table t(a)')\n"
            "c.create_function('f', 1, lambda x: x + 1); assert c.execute('select f(1)').fetchone()[0] == 2\n"
            "assert list(iter(c.execute('select 1 union select 2')))[1][0] == 2 and next(c.execute('select 3'))[0] == 3\n"
            "importlib.reload(sqlite3); importlib.reload(sqlite3.dbapi2); assert type(sqlite3.connect(':memory:')) is sqlite3.Connection\n"
            "e = sqlite3.Connection(':memory:'); assert e.execute('select 1').fetchall() == [(1,)]\n",
        )

    def test_import_module_is_seen_and_looking_for_it_is_not_an_import(self):
        run = self.observe("import importlib\nimportlib.import_module('sqlite3').connect(':memory:').execute('select 1')")
        self.assertEqual([r["db.operation.name"] for r in run.of("db.query")], ["SELECT"])
        self.python("-c", "import importlib.util, sys; importlib.util.find_spec('sqlite3'); assert 'sqlite3' not in sys.modules")
