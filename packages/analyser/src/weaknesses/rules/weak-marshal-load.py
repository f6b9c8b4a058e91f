import marshal

marshal.loads(data)  # finding: weak-marshal-load
marshal.dumps(data)  # ok: weak-marshal-load
