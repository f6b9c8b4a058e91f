import threading
def f(n):
    if n == 3: raise ValueError(n)
    with open(__file__) as h: return len(h.read())
threads = [threading.Thread(target=f, args=(n,), name='t%d' % n) for n in range(5)]
for t in threads: t.start(); t.join()
print('done', threading.active_count())
