"""Drivers whose servers cannot run here: what a connection that nobody answers says, and that the patched methods look as before."""

import unittest

from .databases import DatabaseTest


class RefusedTest(DatabaseTest):
    NEWEST = ("oracledb==26.1.0", "pymssql==2.4.6")
    OLDEST = ("oracledb==1.0.3", "pymssql==2.2.5")

    def test_refused_connections(self):
        for python in self.each():
            run = self.watch(
                python,
                """
import oracledb, pymssql
try: oracledb.connect(user="clerk", password="s3cret", dsn="127.0.0.1:1/shop")
except oracledb.Error as error: print(type(error).__name__)
try: pymssql.connect("127.0.0.1", "clerk", "s3cret", "shop", port=1, login_timeout=2)
except pymssql.Error as error: print(type(error).__name__)
for kind in (oracledb.Cursor, pymssql.Cursor):
    for name in ("execute", "executemany", "fetchone", "fetchall", "callproc"):
        print(kind.__name__, name, getattr(kind, name).__name__, (getattr(kind, name).__doc__ or "")[:20])
print(oracledb.Cursor.__next__.__name__, type(oracledb.Connection), type(pymssql.Connection))
try: pymssql.Cursor.execute = 1
except TypeError as error: print(type(error).__name__)
""",
            )
            self.assertEqual(
                sorted((*self.place(r), r.count, r.errors) for r in run.of("db.connect")),
                [("microsoft.sql_server", "127.0.0.1", "1", "shop", "clerk", 1, 1), ("oracle.db", "127.0.0.1", "1", "shop", "clerk", 1, 1)],
            )


if __name__ == "__main__":
    unittest.main()
