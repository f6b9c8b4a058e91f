import traceback, importlib
for f in (lambda: __import__('nothing_here'), lambda: importlib.import_module('nothing.here'), lambda: importlib.import_module('json.nothing')):
    try: f()
    except ImportError: traceback.print_exc()
from json import nothing
