import codecs
import io

with codecs.open("utf16.txt", "w", "utf-16") as file:
    file.write("text")
with io.open("utf16.txt", encoding="utf-16") as file:
    print(file.read())
with io.FileIO("utf16.txt") as file:
    print(len(file.read()))
