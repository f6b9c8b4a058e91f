# Warnings that C functions raise name the script's own line.
import sqlite3
import sys
import warnings

connection = sqlite3.connect(":memory:", 1.0)
connection.execute("select :a", (1,))
connection.cursor().execute("select :a", (1,))
connection.execute("create table t(a)")
connection.cursor().executemany("insert into t values(:a)", [(1,), (2,)])
connection.executemany("insert into t values(:a)", [(1,), (2,)])
print(connection.execute("select count(*) from t").fetchone())
for statement, parameters in (("select :a", 1), ("select :a, :b", (1,)), (5, ()), ("select '", ())):
    try:
        connection.execute(statement, parameters)
    except (sqlite3.Error, TypeError, ValueError) as error:
        print(type(error).__name__, error)
connection.close()
warnings.simplefilter("error")
if sys.version_info >= (3, 12):
    try:
        sqlite3.connect(":memory:", 1.0)
    except DeprecationWarning as error:
        print(error)
last = sqlite3.connect(":memory:")
try:
    last.execute("select :a", (1,))
finally:
    last.close()
