import os

folder = os.open(".", os.O_RDONLY)
with open("opened.txt", "w", opener=lambda path, flags: os.open(path, flags, dir_fd=folder)) as file:
    file.write("x")
os.close(folder)
print(os.path.getsize("opened.txt"))
