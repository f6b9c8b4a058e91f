import tracemalloc
tracemalloc.start()
x = [open(__file__).read() for _ in range(3)]
print([t.traceback[0].filename.endswith('tracemalloc.py') for t in tracemalloc.take_snapshot().statistics('filename')][:0])
