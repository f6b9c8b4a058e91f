import os
import signal

open("before.txt", "w").close()
os.kill(os.getpid(), signal.SIGKILL)
