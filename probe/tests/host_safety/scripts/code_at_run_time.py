# exec, eval, marshal and pickle: results, tracebacks and globals as without the probe.
import collections
import marshal
import pickle
import sys

scope = {}
exec("x = 1\ndef f(): return x", scope)
print(scope["f"](), sorted(scope))
print(eval("1 + 1"), eval(compile("2", "<here>", "eval")))
print(marshal.loads(marshal.dumps({"a": (1, 2)})))
print(pickle.loads(pickle.dumps(collections.OrderedDict(a=1))))
try:
    exec("1 / 0")
except ZeroDivisionError as error:
    print(error.__traceback__.tb_next.tb_frame.f_code.co_filename)
print(len(sys._getframe().f_globals) > 5)
exec("raise ValueError('end')")
