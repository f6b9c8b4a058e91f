"""Opens a zip and lists it."""

import zipfile
with zipfile.ZipFile("in.zip", "w") as archive:
    archive.writestr("list.txt", "a\nb\n")
with zipfile.ZipFile("in.zip") as archive:
    archive.extractall("in")
    print(archive.namelist())
