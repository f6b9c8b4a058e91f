import os
for i in range(30):
    p = os.fork()
    if not p: os._exit(i % 7)
    print(os.WEXITSTATUS(os.waitpid(p, 0)[1]))
