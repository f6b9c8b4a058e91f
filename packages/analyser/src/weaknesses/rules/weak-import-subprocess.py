import importlib
import json  # ok: weak-import-subprocess
import subprocess  # finding: weak-import-subprocess
from subprocess import name  # finding: weak-import-subprocess
importlib.import_module("subprocess")  # finding: weak-import-subprocess
__import__(name="subprocess")  # finding: weak-import-subprocess
importlib.import_module(name)  # ok: weak-import-subprocess
