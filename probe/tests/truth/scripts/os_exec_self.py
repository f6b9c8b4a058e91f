import os
import sys

open("first.txt", "w").close()
sys.stdout.flush()
os.execv(sys.executable, [sys.executable, "-c", "open('second.txt', 'w').close(); print('second')"])
