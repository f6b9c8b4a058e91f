import sqlite3, inspect, pickle, copy, gc, weakref
c = sqlite3.connect(':memory:'); k = c.cursor()
print(type(c), type(k), sqlite3.Connection, sqlite3.Cursor, isinstance(c, sqlite3.Connection), type(c) is sqlite3.Connection)
for o in (c, k):
    for f in (pickle.dumps, copy.copy):
        try: f(o)
        except Exception as e: print(type(e).__name__, str(e).replace('sqlite3.', ''))
try: c.nothing
except AttributeError as e: print(str(e).replace('sqlite3.', ''))
print(c.execute.__name__, c.execute.__doc__, sqlite3.connect.__name__, sqlite3.connect.__doc__ == sqlite3.dbapi2.connect.__doc__)
try: print(inspect.signature(c.execute))
except ValueError as e: print('no signature')
weakref.ref(k)
with c: c.executescript('create table t(a); insert into t values(1);')
print(c.total_changes, c.in_transaction, list(c.iterdump()))
it = iter(c.execute('select 1 union select 2')); print(next(it), list(it))
