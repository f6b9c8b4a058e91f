import glob
import os

os.makedirs("d/e")
for name in ("d/1.txt", "d/e/2.txt"):
    open(name, "w").write(name)
for folder, folders, files in os.walk("d"):
    for name in sorted(files):
        print(open(os.path.join(folder, name)).read())
print(sorted(glob.glob("d/**/*.txt", recursive=True)))
