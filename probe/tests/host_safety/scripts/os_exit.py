import os, sys
print('lost?')
sys.stdout.flush()
os._exit(9)
