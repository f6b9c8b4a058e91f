import os
import sys

for depth in range(3):
    pid = os.fork()
    if pid:
        os.waitpid(pid, 0)
        if depth:
            os._exit(0)
        print("parent")
        sys.exit()
    open("depth%d.txt" % depth, "w").close()
os._exit(0)
