import cProfile, pstats, io
def f():
    for i in range(10): open(__file__).close()
f()
p = cProfile.Profile(); p.runcall(f)
s = io.StringIO(); pstats.Stats(p, stream=s).strip_dirs().sort_stats('name').print_stats()
print([l.split()[0] + ' ' + l.split(None, 5)[-1] for l in s.getvalue().splitlines() if '(' in l and 'function calls' not in l and 'percall' not in l])
