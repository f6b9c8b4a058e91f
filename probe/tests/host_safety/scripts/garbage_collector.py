# gc's answers and a function's own code object, as without the probe.
import gc

gc.disable()
print(type(gc.get_objects()), type(gc.get_referrers(gc)), gc.get_referents((1, 2)))


def f():
    return 1


f.__code__ = (lambda: 2).__code__
f.__defaults__ = ()
print(f())
