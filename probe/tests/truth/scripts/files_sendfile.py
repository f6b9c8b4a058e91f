import os

open("source", "w").write("x" * 1000)
with open("source", "rb") as source, open("target", "wb") as target:
    print(os.sendfile(target.fileno(), source.fileno(), 0, 1000))
