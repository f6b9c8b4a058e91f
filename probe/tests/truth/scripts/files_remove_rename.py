import os

open("one", "w").close()
os.rename("one", "two")
os.replace("two", "three")
os.remove("three")
try:
    os.remove("three")
except OSError as error:
    print(error)
