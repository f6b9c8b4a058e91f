import os
import sys

os.mkdir("package")
open("package/__init__.py", "w").write("NAME = 'package'\n")
open("package/part.py", "w").write("open('imported.txt', 'w').close()\n")
sys.path.insert(0, ".")
sys.dont_write_bytecode = True
import package.part  # noqa: E402

print(package.NAME)
