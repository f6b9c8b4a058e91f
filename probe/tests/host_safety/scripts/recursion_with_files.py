import sys,os
sys.setrecursionlimit(200)
def f(n):
    with open('deep','w') as x: pass
    os.remove('deep')
    return f(n+1)
for i in range(3):
    try: f(0)
    except RecursionError as e: print('caught', e)
