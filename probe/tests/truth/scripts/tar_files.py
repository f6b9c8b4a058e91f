import tarfile

open("one.txt", "w").write("x" * 100)
with tarfile.open("pack.tar.gz", "w:gz") as archive:
    archive.add("one.txt")
with tarfile.open("pack.tar.gz") as archive:
    print(archive.getnames())
    archive.extract("one.txt", "out")
