import os

open("parent.txt", "w").close()
pid = os.fork()
if pid == 0:
    open("child.txt", "w").write("from the child")
    os._exit(0)
os.waitpid(pid, 0)
print(open("child.txt").read())
