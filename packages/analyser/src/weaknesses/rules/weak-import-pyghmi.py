import importlib
import json  # ok: weak-import-pyghmi
import pyghmi  # finding: weak-import-pyghmi
from pyghmi import name  # finding: weak-import-pyghmi
importlib.import_module("pyghmi")  # finding: weak-import-pyghmi
__import__(name="pyghmi")  # finding: weak-import-pyghmi
importlib.import_module(name)  # ok: weak-import-pyghmi
