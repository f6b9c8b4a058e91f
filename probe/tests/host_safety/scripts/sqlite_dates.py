import sqlite3, datetime
c = sqlite3.connect(':memory:', detect_types=sqlite3.PARSE_DECLTYPES)
c.execute('create table t(d date, s timestamp)')
c.execute('insert into t values(?, ?)', (datetime.date(2024, 1, 2), datetime.datetime(2024, 1, 2, 3, 4, 5)))
for row in c.execute('select * from t'): print(row)
cur = c.cursor(); cur.execute('insert into t values(?, ?)', (datetime.date(2024, 1, 2), None)); print(cur.rowcount, cur.lastrowid)
