import os
import shutil

for folder in ("tree/a/b", "tree/c"):
    os.makedirs(folder)
    open(folder + "/file.txt", "w").write(folder)
shutil.copytree("tree", "copy")
shutil.rmtree("tree")
print(sorted(os.listdir("copy")))
shutil.rmtree("copy")
