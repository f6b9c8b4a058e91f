"""Keeps notes in a database of its own."""

import sqlite3

notes = sqlite3.connect("notes.sqlite")
notes.execute("CREATE TABLE IF NOT EXISTS notes (id INTEGER PRIMARY KEY, text TEXT)")
notes.executemany("INSERT INTO notes (text) VALUES (?)", [(f"note {number}",) for number in range(20)])
notes.commit()
print(notes.execute("SELECT count(*) FROM notes").fetchone())
