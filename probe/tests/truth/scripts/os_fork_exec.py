import os

pid = os.fork()
if pid == 0:
    os.execvp("true", ["true"])
print(os.waitpid(pid, 0)[1])
pid = os.fork()
if pid == 0:
    try:
        os.execv("/no/such", ["x"])
    except OSError:
        os._exit(7)
print(os.waitpid(pid, 0)[1] >> 8)
