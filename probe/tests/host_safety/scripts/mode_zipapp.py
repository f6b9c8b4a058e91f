# mode: zipapp
import sys
print(len(sys.argv), __name__)
def f(): raise RuntimeError
f()
