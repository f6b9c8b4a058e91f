import os, signal
print('x', flush=True)
os.kill(os.getpid(), signal.SIGKILL)
import time; time.sleep(5)
