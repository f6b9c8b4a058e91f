import importlib
import runpy
import sys

open("plugin.py", "w").write("VALUE = 1\n")
open("program.py", "w").write("open('ran.txt', 'w').close()\n")
sys.path.insert(0, ".")
print(importlib.import_module("plugin").VALUE)
runpy.run_path("program.py")
