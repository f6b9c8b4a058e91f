import plistlib

with open("a.plist", "wb") as file:
    plistlib.dump({"a": 1}, file)
with open("a.plist", "rb") as file:
    print(plistlib.load(file))
