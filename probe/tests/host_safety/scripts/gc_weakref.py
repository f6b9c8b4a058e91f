import gc, weakref
class A: pass
a = A(); a.me = a; w = weakref.ref(a, lambda r: print('gone')); del a
print(gc.collect() >= 0, w())
gc.disable()
def f():
    try: open('/nonexistent')
    except OSError as e: return weakref.ref(e.__traceback__.tb_frame) if False else len(gc.get_referrers(e)) < 5
print(f(), gc.garbage, gc.get_threshold())
