import os, signal
print('x', flush=True)
os.kill(os.getpid(), signal.SIGABRT)
import time; time.sleep(5)
