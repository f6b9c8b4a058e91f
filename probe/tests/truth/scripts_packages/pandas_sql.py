import sqlite3

import pandas

connection = sqlite3.connect("frames.sqlite")
pandas.DataFrame({"a": range(50)}).to_sql("t", connection)
print(pandas.read_sql("select sum(a) as s from t", connection))
connection.close()
