import os

os.mkdir("in")
descriptor = os.open("in", os.O_RDONLY)
os.fchdir(descriptor)
os.close(descriptor)
open("inside.txt", "w").close()
print(os.path.exists("inside.txt"))
