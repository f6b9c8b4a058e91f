# mode: module
import sys
print(len(sys.argv), __name__, __spec__.name)
def f(): raise RuntimeError
f()
