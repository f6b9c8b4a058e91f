import os, sys
print('before', flush=True)
os.execv(sys.executable, [sys.executable, '-c', 'print("after"); import sys; sys.exit(5)'])
