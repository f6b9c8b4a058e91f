import os

with os.fdopen(os.open("fd.txt", os.O_WRONLY | os.O_CREAT), "w") as file:
    file.write("x")
with open(os.open("fd.txt", os.O_RDONLY)) as file:
    print(file.read())
