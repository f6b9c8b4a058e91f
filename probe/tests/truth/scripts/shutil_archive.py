import os
import shutil

os.mkdir("stuff")
open("stuff/one.txt", "w").write("1")
print(os.path.basename(shutil.make_archive("packed", "zip", "stuff")))
shutil.unpack_archive("packed.zip", "unpacked")
print(os.listdir("unpacked"))
