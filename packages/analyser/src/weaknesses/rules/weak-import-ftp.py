import importlib
import json  # ok: weak-import-ftp
import ftplib  # finding: weak-import-ftp
from ftplib import name  # finding: weak-import-ftp
importlib.import_module("ftplib")  # finding: weak-import-ftp
__import__(name="ftplib")  # finding: weak-import-ftp
importlib.import_module(name)  # ok: weak-import-ftp
