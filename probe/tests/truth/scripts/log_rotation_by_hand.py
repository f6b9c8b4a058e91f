import gzip
import os

for turn in range(3):
    with open("app.log", "a") as log:
        log.write("x" * 100)
    os.rename("app.log", "app.log.%d" % turn)
    with open("app.log.%d" % turn, "rb") as source, gzip.open("app.log.%d.gz" % turn, "wb") as target:
        target.write(source.read())
    os.remove("app.log.%d" % turn)
print(sorted(os.listdir(".")))
