import multiprocessing
def f(x): open('/nonexistent/%d' % x)
if __name__ == '__main__':
    with multiprocessing.get_context('fork').Pool(1) as p:
        try: p.map(f, [1])
        except FileNotFoundError as e: print(e)
