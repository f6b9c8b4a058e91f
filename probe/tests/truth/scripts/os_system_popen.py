import os

print(os.system("true"), os.system("exit 3") >> 8)
with os.popen("echo piped") as pipe:
    print(pipe.read())
