import importlib
import json  # ok: weak-import-pycrypto
import Crypto.Cipher  # finding: weak-import-pycrypto
from Crypto.Cipher import name  # finding: weak-import-pycrypto
importlib.import_module("Crypto.Cipher")  # finding: weak-import-pycrypto
__import__(name="Crypto.Cipher")  # finding: weak-import-pycrypto
importlib.import_module(name)  # ok: weak-import-pycrypto
