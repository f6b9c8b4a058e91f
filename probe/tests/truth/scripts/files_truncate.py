import os

open("long", "w").write("x" * 100)
os.truncate("long", 10)
print(os.path.getsize("long"))
with open("long", "r+") as file:
    file.truncate(5)
print(os.path.getsize("long"))
