import shutil

open("source.txt", "w").write("x" * 10000)
shutil.copy("source.txt", "copy1.txt")
shutil.copy2("source.txt", "copy2.txt")
shutil.copyfile("source.txt", "copy3.txt")
shutil.move("copy3.txt", "moved.txt")
print(len(open("moved.txt").read()))
