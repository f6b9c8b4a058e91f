import os

with open("kept.txt", "w") as file:
    file.write("x")
os._exit(3)
