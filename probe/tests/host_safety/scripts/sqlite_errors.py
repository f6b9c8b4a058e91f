# before-3.11: one more frame
import sqlite3, traceback
c = sqlite3.connect(':memory:')
def q(s, *a): return c.execute(s, *a)
for s, a in (('select * from t', ()), ('selec', ()), ('select ?', ((),)), ('select 1', (5,))):
    try: q(s, *a)
    except Exception: traceback.print_exc()
try: c.cursor().executemany('select 1', [()])
except Exception: traceback.print_exc()
try: c.execute()
except TypeError: traceback.print_exc()
try: sqlite3.connect('/nonexistent/dir/x.db')
except sqlite3.Error: traceback.print_exc()
def bad(x): raise ValueError
c.create_function('bad', 1, bad)
try: c.execute('select bad(1)').fetchone()
except sqlite3.Error: traceback.print_exc()
c.close()
c.execute('select 1')
