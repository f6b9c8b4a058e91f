import importlib
import json  # ok: weak-import-pickle
import pickle  # finding: weak-import-pickle
from pickle import name  # finding: weak-import-pickle
importlib.import_module("pickle")  # finding: weak-import-pickle
__import__(name="pickle")  # finding: weak-import-pickle
importlib.import_module(name)  # ok: weak-import-pickle
