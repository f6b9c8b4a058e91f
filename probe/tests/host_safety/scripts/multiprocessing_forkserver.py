import multiprocessing, os
def f(x): return x * x
if __name__ == '__main__':
    c = multiprocessing.get_context('forkserver')
    with c.Pool(2) as p: print(p.map(f, range(10)))
    q = c.Queue(); p = c.Process(target=q.put, args=('x',)); p.start(); print(q.get()); p.join(); print(p.exitcode)
    p = c.Process(target=os._exit, args=(4,)); p.start(); p.join(); print(p.exitcode)
