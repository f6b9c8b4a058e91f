import sys, os, builtins, warnings, threading
print(len(sys.path), [p for p in sys.path if 'sentinel_probe' in p or '_inject' in p], sys.argv, sys.flags)
print([m for m in sys.modules if 'sentinel_' in m], 'sitecustomize' in sys.modules, sorted(vars(builtins))[:5], sys.getrecursionlimit(), warnings.filters[:2], len(threading.enumerate()))
print(open, print, __import__, sys.excepthook, sys.gettrace(), sys.getprofile(), sys.stdout.encoding, os.getcwd() == os.path.realpath(os.getcwd()))
