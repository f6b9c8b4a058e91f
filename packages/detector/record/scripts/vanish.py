"""Ends without a word."""

import os
import signal

open("started.txt", "w", encoding="utf-8").close()
if os.fork() == 0:
    open("child.txt", "w", encoding="utf-8").close()
    os.kill(os.getpid(), signal.SIGKILL)
os.wait()
