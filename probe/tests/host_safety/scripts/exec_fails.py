import os, traceback
try: os.execv('/no/such', ['x'])
except OSError: traceback.print_exc()
os.execvp('no-such-program-here', ['x'])
