"""One of many runs: waits for all the others, then reads, writes, queries and calls a server.

Arguments: number of the run, working folder, port of the HTTP server on loopback.
"""
import http.client
import os
import sqlite3
import sys
import time

number, folder, port = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])

open(os.path.join(folder, f"ready-{number}"), "w").close()
while not os.path.exists(os.path.join(folder, "go")):
    time.sleep(0.02)

for turn in range(5):
    with open(os.path.join(folder, f"in-{number}.txt")) as source:
        source.read()
    with open(os.path.join(folder, f"out-{number}-{turn}.txt"), "w") as target:
        target.write("x" * number)
    time.sleep(0.4)

database = sqlite3.connect(os.path.join(folder, f"db-{number}.sqlite"))
database.execute("CREATE TABLE ledger (id INTEGER, amount REAL)")
database.executemany("INSERT INTO ledger VALUES (?, ?)", [(i, i * 1.5) for i in range(number % 7 + 1)])
database.commit()
rows = database.execute("SELECT id, amount FROM ledger").fetchall()
database.close()

connection = http.client.HTTPConnection("127.0.0.1", port)
connection.request("POST", "/collect", body=b"y" * 1000)
connection.getresponse().read()
connection.close()
print(number, len(rows))
