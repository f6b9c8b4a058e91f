import os

print(os.spawnlp(os.P_WAIT, "true", "true"))
print(os.spawnv(os.P_WAIT, "/bin/false", ["false"]))
pid = os.spawnvpe(os.P_NOWAIT, "true", ["true"], os.environ)
print(os.waitpid(pid, 0)[1])
