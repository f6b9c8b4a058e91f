import os, signal
print('x', flush=True)
os.kill(os.getpid(), signal.SIGTERM)
import time; time.sleep(5)
