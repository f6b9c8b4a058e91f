import os

os.makedirs("a/b")
open("a/b/../c.txt", "w").close()
open("./a/./d.txt", "w").close()
os.chdir("a")
open("e.txt", "w").close()
os.chdir("b")
open("../../f.txt", "w").close()
print(sorted(os.listdir("..")))
