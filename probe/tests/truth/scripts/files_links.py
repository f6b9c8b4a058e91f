import os

open("real.txt", "w").write("x")
os.symlink("real.txt", "soft.txt")
os.link("real.txt", "hard.txt")
print(open("soft.txt").read(), open("hard.txt").read())
os.remove("soft.txt")
os.unlink("hard.txt")
