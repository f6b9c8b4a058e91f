import sys
def f(n):
    try: return f(n + 1)
    except RecursionError: return n
print(f(0)); sys.setrecursionlimit(200); print(f(0))
def g(n): return [] if n == 0 else [g(n - 1)]
import json
print(len(json.dumps(g(100))))
try: json.loads('[' * 100000)
except RecursionError: print('deep')
