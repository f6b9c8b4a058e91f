import sys
seen = []
sys.addaudithook(lambda e, a: seen.append(e) if e == 'mine' or (e == 'open' and a[0] == __file__) else None)
open(__file__).close()
sys.audit('mine', 1)
print(seen.count('open'), seen.count('mine'))
def deny(e, a):
    if e == 'os.system': raise RuntimeError('denied')
sys.addaudithook(deny)
import os
os.system('true')
