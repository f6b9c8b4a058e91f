exec(text)  # finding: weak-exec
cursor.exec(text)  # ok: weak-exec
