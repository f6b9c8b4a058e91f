import importlib
import json  # ok: weak-import-telnet
import telnetlib  # finding: weak-import-telnet
from telnetlib import name  # finding: weak-import-telnet
importlib.import_module("telnetlib")  # finding: weak-import-telnet
__import__(name="telnetlib")  # finding: weak-import-telnet
importlib.import_module(name)  # ok: weak-import-telnet
