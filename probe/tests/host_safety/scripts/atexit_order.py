import atexit
for n in range(3): atexit.register(print, 'bye', n)
@atexit.register
def bad(): raise ValueError('at exit')
class D:
    def __del__(self): print('del')
keep = D()
print('main')
