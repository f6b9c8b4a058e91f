import zipfile

with zipfile.ZipFile("pack.zip", "w") as archive:
    archive.writestr("a.txt", "hello")
with zipfile.ZipFile("pack.zip", "a") as archive:
    archive.writestr("b.txt", "more")
with zipfile.ZipFile("pack.zip") as archive:
    archive.extractall("out")
print(open("out/a.txt").read())
