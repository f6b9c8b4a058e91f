import bz2
import gzip
import lzma

for module, name in ((gzip, "a.gz"), (bz2, "a.bz2"), (lzma, "a.xz")):
    with module.open(name, "wt") as file:
        file.write("hello" * 100)
    with module.open(name, "rt") as file:
        print(len(file.read()))
